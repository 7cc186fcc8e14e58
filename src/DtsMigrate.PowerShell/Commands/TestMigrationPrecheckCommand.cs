using System.Management.Automation;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Runs every check of a task and streams the results in declared order; changes nothing on either server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MigrationPrecheck")]
[OutputType(typeof(PrecheckResult), typeof(bool))]
public sealed class TestMigrationPrecheckCommand : TaskNameCommand
{
    /// <summary>Names or patterns of tasks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Account of the source, for a task without a reference to its password. Kept in memory only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? SourceCredential { get; set; }

    /// <summary>Account of the destination, likewise.</summary>
    [Parameter]
    [Credential]
    public PSCredential? DestinationCredential { get; set; }

    /// <summary>Gives one Boolean per task: false when a check failed, or with RequireApprovals when a warning is not approved.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Run only what failed last time; the other results are those of that time.</summary>
    [Parameter]
    public SwitchParameter Again { get; set; }

    /// <summary>Codes of items that failed last time and may be ignored: each is ignored until it finds something else.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Ignore { get; set; } = [];

    /// <summary>Why the items are ignored; recorded with who and when.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (TaskFolder folder in Resolve(Name))
        {
            ForInput(folder.Name, () => Check(folder));
        }
    }

    private void Check(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        foreach (string check in Ignore)
        {
            PrecheckIgnores.Ignore(folder, check, Reason ?? string.Empty, Environment.UserName, TimeProvider.System);
        }

        bool passed = true;
        RunAsync(async pipeline =>
        {
            var secrets = new TaskSecrets(task, folder, pipeline, SourceCredential, DestinationCredential);
            await secrets.ResolveAsync(pipeline.StopToken).ConfigureAwait(false);
            await foreach (PrecheckResult result in TaskPrecheck.RunAsync(task, folder, secrets.Resolver, TimeProvider.System, Again, pipeline.StopToken).ConfigureAwait(false))
            {
                passed &= result.Outcome != nameof(PrecheckOutcome.Failed) && !(task.Options.RequireApprovals && result.Outcome == nameof(PrecheckOutcome.Warning));
                if (!Quiet)
                {
                    pipeline.Post(() => WriteObject(result));
                }
            }
        });
        if (Quiet)
        {
            WriteObject(passed);
        }
    }
}
