using System.Management.Automation;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Errors;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>
/// What Start-, Resume- and Restart-Migration share. By default a worker of its own does the work and outlives this shell; <c>-Wait</c> watches it, <c>-AsJob</c> does so in the
/// background, <c>-InProcess</c> does the work in this session.
/// </summary>
public abstract class RunMigrationCommand : ServerTaskCommand
{
    /// <summary>The default parameter set: a worker of its own.</summary>
    protected const string DetachedSet = "Detached";

    private const string WaitSet = "Wait";
    private const string AsJobSet = "AsJob";
    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(30);
    private const string InProcessSet = "InProcess";

    private readonly List<string> _watched = [];

    /// <summary>When the run ends by itself: Completed (default) or CaughtUp.</summary>
    [Parameter]
    public RunUntil Until { get; set; }

    /// <summary>Watches the worker with progress until it ends. Ctrl+C stops the watching, not the migration.</summary>
    [Parameter(Mandatory = true, ParameterSetName = WaitSet)]
    public SwitchParameter Wait { get; set; }

    /// <summary>Longest watch in seconds, 1..2592000; without it there is no limit. The migration goes on after it.</summary>
    [Parameter(ParameterSetName = WaitSet)]
    [ValidateRange(1, 2592000)]
    [Alias("TimeoutSec")]
    public int? Timeout { get; set; }

    /// <summary>Runs the migration in this session and blocks until it ends. Ctrl+C writes a checkpoint and stops it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InProcessSet)]
    public SwitchParameter InProcess { get; set; }

    /// <summary>Starts the worker and gives a job that watches it: Stop-Job stops the migration, Receive-Job gives its last status.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsJobSet)]
    public SwitchParameter AsJob { get; set; }

    /// <summary>What is about to be done, for prompts.</summary>
    protected abstract string Action { get; }

    /// <inheritdoc/>
    protected override TimeSpan DrainLimit => InProcess ? TimeSpan.FromMinutes(2) : base.DrainLimit;

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // A stopped pipeline takes no output any more, so the host is told directly.
        foreach (string name in _watched.ToArray())
        {
            Host.UI.WriteLine($"Migration '{name}' goes on in its worker. Get-MigrationStatus {name} shows it, Stop-Migration {name} stops it.");
        }

        base.StopProcessing();
    }

    /// <summary>Refuses what this cmdlet is not for.</summary>
    /// <param name="folder">The task.</param>
    protected virtual void Check(TaskFolder folder)
    {
    }

    /// <summary>What has to be done before the start; runs once the user has agreed.</summary>
    internal virtual Task PrepareAsync(MigrationTask task, TaskFolder folder, TaskSecrets secrets, PipelineThread pipeline) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        Check(folder);
        bool attach = false;
        if (WorkerLock.IsHeld(folder, out int pid))
        {
            if (folder.ReadState()?.State == TaskState.Suspended && !InProcess)
            {
                if (!ShouldProcess(Describe(task), Action))
                {
                    return;
                }

                GoOn(folder);
                Show(folder);
                return;
            }

            if (!Wait)
            {
                throw new DtsMigrateException("TaskRunning", $"Task '{folder.Name}' is run by process {pid} already.")
                {
                    Target = folder.Name,
                    RecommendedAction = $"Get-MigrationStatus {folder.Name} shows it; Start-Migration {folder.Name} -Wait watches it.",
                };
            }

            attach = true;
            WriteWarning($"Task '{folder.Name}' is run by process {pid} already; watching that.");
        }

        if (!attach && !ShouldProcess(Describe(task), Action))
        {
            return;
        }

        if (InProcess)
        {
            RunHere(task, folder);
            return;
        }

        if (!attach)
        {
            Launch(task, folder);
        }

        Show(folder);
    }

    /// <summary>A worker that waits suspended, with its passwords and its connection to the source, is told to go on.</summary>
    private void GoOn(TaskFolder folder) => RunAsync(async pipeline =>
    {
        await WorkerProcess.AskAsync(folder, TaskCommandKind.Resume, pipeline.StopToken).ConfigureAwait(false);
        await WorkerProcess.WaitAsync(folder, static state => state != TaskState.Suspended, ResumeLimit, pipeline.StopToken).ConfigureAwait(false);
    });

    private void Show(TaskFolder folder)
    {
        if (AsJob)
        {
            var job = new MigrationJob(folder, MyInvocation.Line);
            JobRepository.Add(job);
            WriteObject(job);
            return;
        }

        if (Wait)
        {
            Watch(folder);
        }

        MigrationStatus status = TaskStatusReader.Read(folder);
        WriteObject(status);
        if (Wait && TaskWaiter.ErrorOf(status) is { } error)
        {
            WriteError(ErrorRecordMapper.Map(error, folder.Name));
        }
    }

    private void Launch(MigrationTask task, TaskFolder folder)
    {
        WorkerProgram program = WorkerHost.Find(SessionState.PSVariable.GetValue("PSHOME") as string);
        WriteVerbose($"{folder.Name}: the worker is hosted by '{program.Path}'.");
        var launcher = new WorkerLauncher(program);
        var starting = new ProgressRecord(0, $"Migration {folder.Name}", "Starting the worker");
        WriteProgress(starting);
        RunAsync(async pipeline =>
        {
            var secrets = Secrets(task, folder, pipeline);
            (Secret source, Secret destination) = await secrets.ResolveAsync(pipeline.StopToken).ConfigureAwait(false);
            Secret? mail = await secrets.ResolveMailAsync(pipeline.StopToken).ConfigureAwait(false);
            await PrepareAsync(task, folder, secrets, pipeline).ConfigureAwait(false);
            await launcher.LaunchAsync(folder, new TaskHome().FullPath, Until, source, destination, mail, pipeline.StopToken).ConfigureAwait(false);
        });
        starting.RecordType = ProgressRecordType.Completed;
        WriteProgress(starting);
    }

    private void Watch(TaskFolder folder)
    {
        _watched.Add(folder.Name);
        var watcher = new MigrationWatcher(folder);
        try
        {
            RunAsync(pipeline => watcher.WatchAsync(pipeline, WriteProgress, Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
        }
        finally
        {
            _watched.Remove(folder.Name);
        }
    }

    private void RunHere(MigrationTask task, TaskFolder folder)
    {
        var watcher = new MigrationWatcher(folder);
        RunAsync(async pipeline =>
        {
            var secrets = Secrets(task, folder, pipeline);
            await PrepareAsync(task, folder, secrets, pipeline).ConfigureAwait(false);
            var run = new MigrationRun(task, folder, secrets.Resolver, TimeProvider.System);
            await watcher.WatchAsync(pipeline, WriteProgress, run.RunAsync(Until, pipeline.StopToken)).ConfigureAwait(false);
        });
        WriteObject(TaskStatusReader.Read(folder));
    }
}
