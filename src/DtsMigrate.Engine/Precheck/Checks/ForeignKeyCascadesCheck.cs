using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Changes that the source makes by cascade are in its binary log, or can be made again on the destination.</summary>
internal sealed class ForeignKeyCascadesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ForeignKeyCascades";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([Find(context)]);

    private static Finding Find(PrecheckContext context)
    {
        CascadeTable[] tables = [.. context.CascadeTables()];
        int keys = tables.Sum(t => t.ForeignKeys.Count(k => k.Cascades));
        if (keys == 0)
        {
            return Finding.Passed("source", "No selected table has a foreign key that cascades.");
        }

        if (context.Source.Facts!.LogsCascades)
        {
            return Finding.Passed("source", $"{keys} foreign keys cascade, and this source logs the rows that they change.");
        }

        var graph = new CascadeGraph(tables, context.Source.Facts.LowerCaseTableNames != 0 ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        var problems = graph.Problems().ToList();
        string[] exact = [.. tables.Where(t => graph.NeedsExactCopy(t.Number)).Select(t => t.Definition.Name.ToString())];
        if (exact.Length > 0 && context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            problems.Add("with conflictMode IgnoreErrorsAndProceed rows that are there already stand in the way of finding out what cascades");
        }

        if (problems.Count > 0)
        {
            return Finding.Failed(
                "source",
                $"The source does not write to its binary log what foreign keys change by cascade, and it cannot be made again exactly: {Finding.List(problems)}. Those changes would be lost.",
                (context.Source.Version.IsAtLeast(9, 6) ? "Restart the source with innodb_native_foreign_keys=OFF, or select" : "Select")
                    + " the tables that the keys refer to as well, or make the keys ON DELETE/UPDATE RESTRICT for the time of the migration.");
        }

        return Finding.Passed(
            "source",
            $"{keys} foreign keys cascade. This source does not log the rows that they change: the same is done on the destination."
                + (exact.Length == 0 ? string.Empty : $" These tables are therefore read in one go, each from one snapshot: {Finding.List(exact)}."));
    }
}
