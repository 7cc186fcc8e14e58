using System.Management.Automation;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>What Approve- and Deny-MigrationPrecheck share: results from the pipeline, or those of the task's last precheck.</summary>
public abstract class PrecheckApprovalCommand : TaskNameCommand
{
    /// <summary>The parameter set of results from the pipeline.</summary>
    protected const string ResultSet = "Result";

    private const string NameSet = "Name";

    /// <summary>Names or patterns of tasks; the results of their last precheck are taken.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet)]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Codes of checks, or patterns.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Check { get; set; } = [];

    /// <summary>Targets of the checks, or patterns; all when left out.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Target { get; set; } = ["*"];

    /// <summary>Results of Test-MigrationPrecheck.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ResultSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PrecheckResult? InputObject { get; set; }

    /// <summary>Outcomes that a pattern means.</summary>
    protected abstract IReadOnlyCollection<string> Outcomes { get; }

    /// <summary>Does it to one result.</summary>
    /// <param name="approvals">Approvals of its task.</param>
    /// <param name="result">The result.</param>
    protected abstract void Apply(PrecheckApprovals approvals, PrecheckResult result);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is { } result)
        {
            foreach (TaskFolder folder in Resolve([result.Task]))
            {
                ForInput(result.Check, () => Apply(new PrecheckApprovals(folder, TimeProvider.System), result));
            }

            return;
        }

        foreach (TaskFolder folder in Resolve(Name!))
        {
            ForInput(folder.Name, () => Take(folder));
        }
    }

    private void Take(TaskFolder folder)
    {
        PrecheckRecord last = folder.ReadPrecheck() ?? throw new DtsMigrateException("PrecheckMissing", $"Task '{folder.Name}' has had no precheck yet.")
        {
            Target = folder.Name,
            RecommendedAction = $"Run Test-MigrationPrecheck {folder.Name} first.",
        };
        var approvals = new PrecheckApprovals(folder, TimeProvider.System);
        List<PrecheckResult> wanted = [.. last.Results.Where(result => Matches(Check, result.Check) && Matches(Target, result.Target)).Select(approvals.Refresh)];
        if (wanted.Count == 0 && !Check.Any(WildcardPattern.ContainsWildcardCharacters))
        {
            throw new DtsMigrateException("CheckNotFound", $"The last precheck of task '{folder.Name}' has no check '{string.Join("', '", Check)}'.") { Target = Check[0] };
        }

        foreach (PrecheckResult result in wanted.Where(result => Outcomes.Contains(result.Outcome) || !Check.Any(WildcardPattern.ContainsWildcardCharacters)))
        {
            ForInput(result.Check, () => Apply(approvals, result));
        }
    }

    private static bool Matches(string[] patterns, string text) => patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text));
}
