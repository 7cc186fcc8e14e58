using System.Management.Automation;
using DtsMigrate.Engine.Precheck;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Takes approvals of the precheck back.</summary>
[Cmdlet(VerbsLifecycle.Deny, "MigrationPrecheck", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = ResultSet)]
[OutputType(typeof(PrecheckResult))]
public sealed class DenyMigrationPrecheckCommand : PrecheckApprovalCommand
{
    /// <inheritdoc/>
    protected override IReadOnlyCollection<string> Outcomes => [nameof(PrecheckOutcome.Approved)];

    /// <inheritdoc/>
    protected override void Apply(PrecheckApprovals approvals, PrecheckResult result)
    {
        ArgumentNullException.ThrowIfNull(approvals);
        ArgumentNullException.ThrowIfNull(result);
        if (ShouldProcess($"{result.Task}: {result.Check} ({result.Target})", "Take the approval back"))
        {
            WriteObject(approvals.Deny(result));
        }
    }
}
