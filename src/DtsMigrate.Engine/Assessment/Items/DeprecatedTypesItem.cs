using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Column types that later versions drop, or print otherwise.</summary>
internal sealed class DeprecatedTypesItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "DeprecatedTypes";

    /// <inheritdoc/>
    public Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Judge([.. context.Routes!.Select(r => r.Definition)], context.Source.Version, context.Destination.Version));

    /// <summary>Judges the types of columns.</summary>
    internal static IReadOnlyList<AssessmentFinding> Judge(IReadOnlyList<TableDefinition> tables, ServerVersion source, ServerVersion destination)
    {
        const string Keep = "They are migrated as they are. Change them where that is easy.";
        bool dropsAutoFloat = destination.IsAtLeast(8, 4) && !source.IsAtLeast(8, 4);
        return
        [
            .. AssessmentFinding.About(AssessmentSeverity.Deprecated, Named(c => IsFloat(c) && c.ColumnType.Contains('(', StringComparison.Ordinal)), "FLOAT(M,D) and DOUBLE(M,D) are deprecated", Keep),
            .. AssessmentFinding.About(
                AssessmentSeverity.Deprecated, Named(c => (IsFloat(c) || c.DataType == "decimal") && c.IsUnsigned), "UNSIGNED for FLOAT, DOUBLE and DECIMAL is deprecated", "They are migrated as they are. A CHECK constraint does the same."),
            .. AssessmentFinding.About(AssessmentSeverity.Deprecated, Named(c => c.ColumnType.Contains("zerofill", StringComparison.OrdinalIgnoreCase)), "ZEROFILL is deprecated", Keep),
            .. AssessmentFinding.About(
                dropsAutoFloat ? AssessmentSeverity.Incompatible : AssessmentSeverity.Deprecated,
                Named(c => IsFloat(c) && c.IsAutoIncrement),
                "AUTO_INCREMENT for FLOAT and DOUBLE is deprecated, and refused from 8.4 on",
                "Make the column an integer."),
            .. destination.IsAtLeast(8, 0, 19)
                ? AssessmentFinding.About(
                    AssessmentSeverity.Information,
                    Named(c => HasWidth(c) && !c.ColumnType.Contains("zerofill", StringComparison.OrdinalIgnoreCase) && !c.ColumnType.StartsWith("tinyint(1)", StringComparison.Ordinal)),
                    "Display widths of integers are not shown by the destination any more; they have no effect on values")
                : [],
        ];

        List<string> Named(Func<ColumnDefinition, bool> which) => [.. tables.SelectMany(t => t.Columns.Where(which).Select(c => $"{t.Name}.{c.Name}"))];
    }

    private static bool IsFloat(ColumnDefinition column) => column.DataType is "float" or "double";

    private static bool HasWidth(ColumnDefinition column) => column.DataType is "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "year" && column.ColumnType.Contains('(', StringComparison.Ordinal);
}
