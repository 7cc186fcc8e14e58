using DtsMigrate.Engine.Schema.Accounts;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Says of each selected account whether it can be migrated whole, with less, or not at all.</summary>
internal sealed class AccountsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "Accounts";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Privileges;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && context.Task.Accounts.Count > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var plans = await AccountPlanner.PlanAsync(
            context.Task, context.Source.Session, context.Destination.Session, context.Selection, cancellationToken).ConfigureAwait(false);
        Finding[] findings = [.. plans.Where(p => p.Class != AccountClass.Full).Select(p => Judge(p, context.Task.ConflictMode))];
        return findings.Length > 0 ? findings : [Finding.Passed("source", $"{plans.Count} accounts can be migrated whole.")];
    }

    /// <summary>Judges the plan of an account that cannot be migrated whole.</summary>
    internal static Finding Judge(AccountPlan plan, ConflictMode mode)
    {
        string words = string.Join("; ", plan.LeftOut);
        var (wanted, side) = plan.Wanted.Count > 0 ? (plan.Wanted, "destination") : (plan.WantedOnSource, "source");
        string? fix = wanted.Count > 0 ? string.Join(' ', wanted) : null;
        string remedy = fix is null ? "Take it out of the task, or give the destination what it lacks." : $"Grant it on the {side}, or take the account out of the task.";
        return plan.Class switch
        {
            AccountClass.Reduced => Finding.Warning(plan.Account, $"Account {plan.Account} is migrated without {words}.", "Give the destination account the rights that it lacks, with GRANT OPTION, or grant the rest by hand afterwards.", fix),
            AccountClass.Exists when mode == ConflictMode.IgnoreErrorsAndProceed => Finding.Warning(plan.Account, $"Account {plan.Account} is kept as it is on the destination: {words}.", "Make sure that it has the rights that applications need."),
            AccountClass.Exists => Finding.Failed(plan.Account, $"Account {plan.Account}: {words}.", "Drop it on the destination, take it out of the task, or choose the conflict mode IgnoreErrorsAndProceed."),
            _ => Finding.Failed(plan.Account, $"Account {plan.Account} cannot be migrated: {words}.", remedy, fix),
        };
    }
}
