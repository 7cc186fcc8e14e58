using System.Globalization;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Index keys that are too long for the pages and row formats of the destination (MySQL manual, "InnoDB Limits").</summary>
internal sealed class IndexLengthsItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "IndexLengths";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var lengths = await ByteLengths.ReadAsync(context.Source.Session, cancellationToken).ConfigureAwait(false);
        var catalog = await CatalogReader.OpenAsync(context.Source.Session, cancellationToken).ConfigureAwait(false);
        int page = int.TryParse(context.Destination.Variable("innodb_page_size"), CultureInfo.InvariantCulture, out int size) ? size : 16384;
        var found = new List<string>();
        foreach (var database in context.Routes!.Where(r => r.Definition.Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase)).GroupBy(r => r.Source.Database, StringComparer.Ordinal))
        {
            var parts = await catalog.ReadKeyPartsAsync(database.Key, null, cancellationToken).ConfigureAwait(false);
            foreach (var route in database)
            {
                found.AddRange(TooLong(route.Definition, parts.GetValueOrDefault(route.Source.Name, []), lengths, Limit(page, route.Definition.Options)));
            }
        }

        return AssessmentFinding.About(
            AssessmentSeverity.Incompatible,
            found,
            string.Create(CultureInfo.InvariantCulture, $"Index keys are longer than the destination takes (innodb_page_size {page})"),
            "Index a prefix of the column, or use row format DYNAMIC and pages of 16 KiB.");
    }

    /// <summary>The longest part of a key in bytes: 3072 with pages of 16 KiB and more, in proportion below; 767 for the row formats REDUNDANT and COMPACT.</summary>
    internal static int Limit(int pageSize, string options)
    {
        int limit = pageSize >= 16384 ? 3072 : pageSize >= 8192 ? 1536 : 768;
        return options.Contains("row_format=COMPACT", StringComparison.OrdinalIgnoreCase) || options.Contains("row_format=REDUNDANT", StringComparison.OrdinalIgnoreCase) ? Math.Min(767, limit) : limit;
    }

    /// <summary>Parts of keys that are longer than the limit, with their length.</summary>
    internal static IEnumerable<string> TooLong(TableDefinition table, IReadOnlyList<CatalogKeyPart> parts, ByteLengths lengths, int limit)
    {
        var columns = table.Columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        return from part in parts
               let column = part.Column is null ? null : columns.GetValueOrDefault(part.Column)
               where column is not null
               where !column.DataType.Contains("text", StringComparison.Ordinal) || part.Prefix is not null
               let bytes = lengths.Of(column, part.Prefix)
               where bytes > limit
               select string.Create(CultureInfo.InvariantCulture, $"{table.Name} {part.Index} ({part.Column}: {bytes} of {limit} bytes)");
    }
}
