using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Errors;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>
/// A job that watches a detached worker. It ends when the run does, with the last status as its output; stopping it stops the migration, removing it leaves the task.
/// </summary>
internal sealed class MigrationJob : Job
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(5);

    private readonly TaskFolder _folder;
    private readonly CancellationTokenSource _forget = new();
    private volatile bool _stopping;

    public MigrationJob(TaskFolder folder, string command)
        : base(command, folder.Name)
    {
        _folder = folder;
        PSJobTypeName = "MigrationJob";
        SetJobState(JobState.Running);
        _ = Task.Run(WatchAsync);
    }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0;

    /// <inheritdoc/>
    public override string Location => Environment.MachineName;

    /// <inheritdoc/>
    public override string StatusMessage => TaskStatusReader.Read(_folder).Message;

    /// <inheritdoc/>
    public override void StopJob()
    {
        _stopping = true;
        try
        {
            Task.Run(async () =>
            {
                using var limit = new CancellationTokenSource(StopLimit);
                await WorkerProcess.AskAsync(_folder, TaskCommandKind.Stop, limit.Token).ConfigureAwait(false);
                await WorkerProcess.WaitEndAsync(_folder, StopLimit, limit.Token).ConfigureAwait(false);
            }).GetAwaiter().GetResult();
        }
        catch (DtsMigrateException e) when (e.Code == "TaskNotRunning")
        {
            // It has ended by itself: the watch says how.
        }

        Finished.WaitOne(TimeSpan.FromSeconds(10));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _forget.Cancel();
            _forget.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task WatchAsync()
    {
        try
        {
            await WorkerProcess.WaitEndAsync(_folder, Timeout.InfiniteTimeSpan, _forget.Token).ConfigureAwait(false);
            MigrationStatus status = TaskStatusReader.Read(_folder);
            Output.Add(PSObject.AsPSObject(status));
            if (TaskWaiter.ErrorOf(status) is { } error)
            {
                Error.Add(ErrorRecordMapper.Map(error, _folder.Name));
                SetJobState(JobState.Failed);
                return;
            }

            SetJobState(_stopping ? JobState.Stopped : JobState.Completed);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The job was removed; the migration goes on.
        }
        catch (Exception e) when (e is DtsMigrateException or IOException or UnauthorizedAccessException)
        {
            Error.Add(ErrorRecordMapper.Map(e, _folder.Name));
            SetJobState(JobState.Failed);
        }
    }
}
