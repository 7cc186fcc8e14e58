using System.Management.Automation;
using DtsMigrate.Engine.Hosting;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Errors;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Runs a migration as the detached worker that Start-Migration launches. Not for use by hand: it waits for its launcher's word on standard input.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MigrationWorker")]
public sealed class InvokeMigrationWorkerCommand : MigrationCommand
{
    private const int FailedExitCode = 4;

    /// <summary>Name of the task.</summary>
    [Parameter(Mandatory = true)]
    public string Name { get; set; } = string.Empty;

    /// <summary>Folder of all tasks.</summary>
    [Parameter(Mandatory = true)]
    public string HomePath { get; set; } = string.Empty;

    /// <summary>When the run ends by itself.</summary>
    [Parameter]
    public RunUntil Until { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            RunAsync(async pipeline =>
            {
                using var worker = new HostedWorker(new TaskHome(HomePath).Folder(Name), Until);
                if (!await worker.RunAsync(pipeline.StopToken).ConfigureAwait(false))
                {
                    pipeline.Post(() => Host.SetShouldExit(FailedExitCode));
                }
            });
        }
        catch (DtsMigrateException e)
        {
            ThrowTerminatingError(ErrorRecordMapper.Map(e, Name));
        }
    }
}
