using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The settings of the destination server that the task asks to change may be changed, and harm nobody else where they could cost the instance.</summary>
internal sealed class DestinationTuningCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DestinationTuning";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Privileges;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) =>
        context.Task.Options.DestinationTuning != DestinationTuning.None && context.Task.MigrationTypes.HasFlag(MigrationTypes.Full);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        DestinationTuning tuning = context.Task.Options.DestinationTuning;
        var server = context.Destination;
        bool redoLog = tuning.HasFlag(DestinationTuning.RedoLogOff);
        if (redoLog && !server.Version.IsAtLeast(8, 0, 21))
        {
            return [Finding.Failed("destination", $"RedoLogOff needs MySQL 8.0.21 or later; the destination is {server.Version.Text}.", "Remove RedoLogOff from destinationTuning.")];
        }

        var missing = new MissingPrivileges(await AccountPrivileges.ReadAsync(server, cancellationToken).ConfigureAwait(false));
        if (tuning.HasFlag(DestinationTuning.RelaxedFlush))
        {
            missing.RequireGlobally(server.Version.IsAtLeast(8) ? ["SYSTEM_VARIABLES_ADMIN", "SUPER"] : ["SUPER"]);
        }

        if (redoLog)
        {
            // Without SHOW DATABASES the account would not see all that is at stake.
            missing.RequireGlobally("INNODB_REDO_LOG_ENABLE");
            missing.RequireGlobally("SHOW DATABASES");
        }

        var findings = new List<Finding> { Explain(missing.ToFinding("destination", $"destinationTuning ({tuning})")) };
        if (redoLog && await OtherDatabases.ReadAsync(server.Session, context.Task, cancellationToken).ConfigureAwait(false) is { Count: > 0 } others)
        {
            findings.Add(Finding.Failed(
                "destination",
                $"RedoLogOff is for a destination without other databases, because a crash during the copy costs the whole instance; there are: {Finding.List([.. others])}.",
                "Remove RedoLogOff from destinationTuning, or use a destination that has no other databases."));
        }

        return findings;
    }

    private static Finding Explain(Finding finding) => finding.Outcome == PrecheckOutcome.Failed
        ? finding with { Recommendation = "Grant them on the destination, or remove what needs them from destinationTuning." }
        : finding;
}
