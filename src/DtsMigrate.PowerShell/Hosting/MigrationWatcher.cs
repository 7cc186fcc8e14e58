using System.Diagnostics;
using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Shows a running migration as progress, from its status files: of a worker elsewhere or of a run in this process.</summary>
internal sealed class MigrationWatcher
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly TaskFolder _folder;
    private readonly MigrationProgress _progress;

    public MigrationWatcher(TaskFolder folder)
    {
        _folder = folder;
        _progress = new MigrationProgress(folder.Name);
    }

    /// <summary>Watches the worker until it ends.</summary>
    /// <exception cref="DtsMigrateException">WaitTimeout: the limit has passed; the migration goes on.</exception>
    public async Task WatchAsync(PipelineThread pipeline, Action<ProgressRecord> write, TimeSpan? limit)
    {
        using var timer = new PeriodicTimer(Interval);
        var clock = Stopwatch.StartNew();
        try
        {
            while (WorkerLock.IsHeld(_folder, out _))
            {
                if (clock.Elapsed > limit)
                {
                    throw new DtsMigrateException("WaitTimeout", $"Task '{_folder.Name}' is not done after {limit.Value.TotalSeconds:0} seconds. It goes on in its worker.")
                    {
                        Target = _folder.Name,
                        IsTransient = true,
                        RecommendedAction = $"Start-Migration {_folder.Name} -Wait watches it again.",
                    };
                }

                Show(pipeline, write);
                await timer.WaitForNextTickAsync(pipeline.StopToken).ConfigureAwait(false);
            }
        }
        finally
        {
            End(pipeline, write);
        }
    }

    /// <summary>Watches a run in this process until it ends; its exception is thrown here.</summary>
    public async Task WatchAsync(PipelineThread pipeline, Action<ProgressRecord> write, Task run)
    {
        using var timer = new PeriodicTimer(Interval);
        while (!run.IsCompleted)
        {
            // Once the pipeline stops, the run still writes its checkpoint; there is only nobody to show it to.
            if (!pipeline.StopToken.IsCancellationRequested)
            {
                Show(pipeline, write);
            }

            await Task.WhenAny(run, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()).ConfigureAwait(false);
        }

        End(pipeline, write);
        await run.ConfigureAwait(false);
    }

    private void Show(PipelineThread pipeline, Action<ProgressRecord> write)
    {
        foreach (ProgressRecord record in _progress.Show(TaskStatusReader.Read(_folder), _folder.ReadTables()))
        {
            pipeline.Post(() => write(record));
        }
    }

    private void End(PipelineThread pipeline, Action<ProgressRecord> write)
    {
        if (pipeline.StopToken.IsCancellationRequested)
        {
            return;
        }

        foreach (ProgressRecord record in _progress.End())
        {
            pipeline.Post(() => write(record));
        }
    }
}
