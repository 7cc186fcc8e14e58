using System.Management.Automation;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Runs every check of a task and streams the results in declared order; changes nothing on either server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MigrationPrecheck")]
[OutputType(typeof(PrecheckResult), typeof(bool))]
public sealed class TestMigrationPrecheckCommand : ServerTaskCommand
{
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
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        foreach (string check in Ignore)
        {
            PrecheckIgnores.Ignore(folder, check, Reason ?? string.Empty, Environment.UserName, TimeProvider.System);
        }

        bool passed = true;
        RunAsync(async pipeline =>
        {
            var secrets = Secrets(task, folder, pipeline);
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
