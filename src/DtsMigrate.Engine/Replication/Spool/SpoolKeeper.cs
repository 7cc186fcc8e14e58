using DtsMigrate.Engine.Faults;

namespace DtsMigrate.Engine.Replication.Spool;

/// <summary>Runs the spool of a task that has one: opens it once the task has a position, lets it follow the source, and deletes what is no longer needed.</summary>
internal sealed class SpoolKeeper(RunContext context)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource<BinlogSpool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BinlogSpool? _spool;

    /// <summary>The spool; null while there is none.</summary>
    public BinlogSpool? Spool => _spool;

    private bool IsWanted => IsWantedBy(context);

    /// <summary>True when a run has a spool.</summary>
    public static bool IsWantedBy(RunContext context) => context.Task.Options.BinlogSpoolMegabytes > 0 && context.SpoolFolder is not null;

    /// <summary>Opens the spool, if the task has one and it is not open yet. Before the source is asked whether it has what follows: the spool may have it.</summary>
    /// <param name="start">Where the stream begins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task OpenAsync(SourcePosition start, CancellationToken cancellationToken)
    {
        if (IsWanted && _spool is null)
        {
            var needed = await NeededPosition.ReadAsync(context, start, cancellationToken).ConfigureAwait(false);
            _spool = await BinlogSpool.OpenAsync(context, FolderOfSource(), context.Task.Options.BinlogSpoolMegabytes << 20, needed, cancellationToken).ConfigureAwait(false);
            _opened.SetResult(_spool);
        }
    }

    /// <summary>Waits until the spool is open: what the source must still have cannot be told before. Returns at once for a task without one.</summary>
    public Task WaitOpenAsync(CancellationToken cancellationToken) => IsWanted ? _opened.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Runs until cancelled; without the option, it only waits for that.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">The source could not be read for as long as the retry windows allow.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var spool = await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task write = context.Retry.RunAsync("spool the binary log", spool.WriteAsync, end.Token);
        Task release = ReleaseAsync(spool, end.Token);
        Task first = await Task.WhenAny(write, release).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Run.Settle.Of(write), Run.Settle.Of(release)).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    // Places in the log are those of one server: what was read from another one is of no use.
    private string FolderOfSource()
    {
        string folder = Path.Combine(context.SpoolFolder!, context.SourceFacts.ServerUuid);
        if (Directory.Exists(context.SpoolFolder))
        {
            foreach (string other in Directory.EnumerateDirectories(context.SpoolFolder!).Where(other => Path.GetFileName(other) != context.SourceFacts.ServerUuid).ToList())
            {
                Directory.Delete(other, recursive: true);
            }
        }

        return folder;
    }

    private async Task ReleaseAsync(BinlogSpool spool, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, context.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                if (context.Metrics.Position is { } applied)
                {
                    spool.Release(await NeededPosition.ReadAsync(context, applied, cancellationToken).ConfigureAwait(false));
                }
            }
            catch (Exception e) when (e is not OperationCanceledException && FaultClassifier.Classify(e) != FaultClass.Stop)
            {
                // The stream's own sessions meet the same fault and tell of it.
            }
        }
    }
}
