using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Names that became reserved words on the way from one version to the other.</summary>
internal sealed class ReservedWordsItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "ReservedWords";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var destination = await ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
        var source = await ReadAsync(context.Source, cancellationToken).ConfigureAwait(false);
        var grown = destination is null ? [] : source is null ? destination.Intersect(ReservedWords.Since57, StringComparer.OrdinalIgnoreCase) : destination.Except(source, StringComparer.OrdinalIgnoreCase);
        var objects = await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false);
        return Judge(grown.ToHashSet(StringComparer.OrdinalIgnoreCase), [.. context.Routes!.Select(r => r.Definition)], [.. objects.Select(o => o.Name)]);
    }

    /// <summary>Judges names by the words that the destination reserves and the source does not.</summary>
    internal static IReadOnlyList<AssessmentFinding> Judge(IReadOnlySet<string> words, IReadOnlyList<TableDefinition> tables, IReadOnlyList<QualifiedName> objects)
    {
        string[] names =
        [
            .. tables.Select(t => t.Name.Database).Concat(objects.Select(o => o.Database)).Distinct(StringComparer.Ordinal).Where(words.Contains),
            .. tables.Select(t => t.Name).Concat(objects).Where(n => words.Contains(n.Name)).Select(n => n.ToString()),
            .. tables.SelectMany(t => t.Columns.Where(c => words.Contains(c.Name)).Select(c => $"{t.Name}.{c.Name}")),
        ];
        return AssessmentFinding.About(
            AssessmentSeverity.Incompatible, names, "Names are reserved words of the destination's version, so that statements must quote them; the migration does", "Quote them in applications with back-ticks, or rename them.");
    }

    // MySQL manual, "The INFORMATION_SCHEMA KEYWORDS Table", from 8.0.13 on.
    private static async Task<IReadOnlyList<string>?> ReadAsync(PrecheckServer server, CancellationToken cancellationToken)
    {
        if (!server.Version.IsAtLeast(8, 0, 13))
        {
            return null;
        }

        var rows = await server.Session.QueryRowsAsync("SELECT WORD FROM information_schema.KEYWORDS WHERE RESERVED=1", cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(r => r.GetString(0))];
    }
}
