using System.Globalization;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Rows that may not fit into half a page of the destination (MySQL manual, "Limits on Table Column Count and Row Size").</summary>
internal sealed class RowLengthsItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "RowLengths";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var lengths = await ByteLengths.ReadAsync(context.Source.Session, cancellationToken).ConfigureAwait(false);
        int page = int.TryParse(context.Destination.Variable("innodb_page_size"), CultureInfo.InvariantCulture, out int size) ? size : 16384;
        int limit = page >= 65536 ? 16318 : (page / 2) - 66;
        string[] found = [.. context.Routes!
            .Where(r => r.Definition.Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase))
            .Select(r => (r.Source, Bytes: InPage(r.Definition, lengths)))
            .Where(r => r.Bytes > limit)
            .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Source} ({r.Bytes} of {limit} bytes)"))];
        return AssessmentFinding.About(
            AssessmentSeverity.Incompatible,
            found,
            "The parts of a row that must stand in its page may be longer than half a page of the destination; with innodb_strict_mode such a table is refused",
            "Make columns TEXT or BLOB, or split the table; or set innodb_strict_mode OFF on the destination if rows are shorter in fact.");
    }

    /// <summary>Bytes of a row that cannot leave its page: long columns leave 20 bytes of pointer behind, or 768 of their own in the old row formats.</summary>
    internal static long InPage(TableDefinition table, ByteLengths lengths)
    {
        bool isOld = IndexLengthsItem.Limit(16384, table.Options) == 767;
        long bytes = 0;
        foreach (var column in table.Columns)
        {
            long own = lengths.Of(column, null);
            bytes += own <= 40 ? own : column.DataType is "char" or "binary" && own < 768 ? own : isOld ? Math.Min(own, 768 + 20) : 40;
        }

        return bytes;
    }
}
