using System.Management.Automation;
using DtsMigrate.Engine.Precheck;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Says that a warning of the precheck is known and accepted, and why.</summary>
[Cmdlet(VerbsLifecycle.Approve, "MigrationPrecheck", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ResultSet)]
[OutputType(typeof(PrecheckResult))]
public sealed class ApproveMigrationPrecheckCommand : PrecheckApprovalCommand
{
    /// <summary>Why the finding is acceptable. It stands in the report.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Reason { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override IReadOnlyCollection<string> Outcomes => [nameof(PrecheckOutcome.Warning)];

    /// <inheritdoc/>
    protected override void Apply(PrecheckApprovals approvals, PrecheckResult result)
    {
        ArgumentNullException.ThrowIfNull(approvals);
        ArgumentNullException.ThrowIfNull(result);
        if (ShouldProcess($"{result.Task}: {result.Check} ({result.Target}): {result.Message}", "Approve the warning"))
        {
            WriteObject(approvals.Approve(result, Reason));
        }
    }
}
