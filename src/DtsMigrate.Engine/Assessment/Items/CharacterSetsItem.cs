using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Tables and columns in utf8mb3 and in character sets that are going away.</summary>
internal sealed class CharacterSetsItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "CharacterSets";

    /// <inheritdoc/>
    public Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Judge([.. context.Routes!.Select(r => r.Definition)]));

    // MySQL 8.0 manual, "Changes in MySQL 8.0", deprecated: utf8mb3, ucs2, macroman, macce, dec8, hp8.
    private static readonly HashSet<string> Deprecated = new(StringComparer.Ordinal) { "utf8mb3", "ucs2", "macroman", "macce", "dec8", "hp8" };

    /// <summary>Judges the character sets of columns.</summary>
    internal static IReadOnlyList<AssessmentFinding> Judge(IReadOnlyList<TableDefinition> tables) =>
    [
        .. from column in from table in tables
                          from column in table.Columns
                          let charset = DestinationTableCheck.NormalizeCharset(column.Charset)
                          where charset is not null && Deprecated.Contains(charset)
                          select (Charset: charset, Table: table.Name.ToString())
           group column.Table by column.Charset into set
           from finding in AssessmentFinding.About(
               AssessmentSeverity.Deprecated,
               [.. set.Distinct(StringComparer.Ordinal)],
               $"Columns are in {set.Key}, which is deprecated{(set.Key == "utf8mb3" ? " and cannot hold characters of four bytes" : string.Empty)}",
               "They are migrated as they are. Convert them to utf8mb4 before or after.")
           select finding,
    ];
}
