using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No selected table exists on the destination under its name there, or the task keeps such tables.</summary>
internal sealed class SameNameTablesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "SameNameTables";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && !context.IsResume;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string[] names = [.. context.Existing.Keys.Select(n => n.ToString()).Order(StringComparer.Ordinal)];
        Finding finding = names.Length == 0
            ? Finding.Passed("destination", "No selected table exists on the destination.")
            : context.Task.ConflictMode == ConflictMode.PrecheckAndReportErrors
                ? Finding.Failed(
                    names[0],
                    $"{names.Length} selected tables exist on the destination: {Finding.List(names)}.",
                    "Drop or rename them, give the objects other names with \"to\", or choose the conflict mode IgnoreErrorsAndProceed.")
                : Finding.Warning(
                    names[0],
                    $"{names.Length} selected tables exist on the destination and are kept: {Finding.List(names)}. Full data migration keeps their rows, incremental data migration overwrites them.",
                    "Make sure that nothing else writes to them.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
