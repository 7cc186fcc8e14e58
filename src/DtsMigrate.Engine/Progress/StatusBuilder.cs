using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Progress;

/// <summary>Turns the live counters into status records, with rates and estimates between one call and the next. Not thread safe.</summary>
internal sealed class StatusBuilder(string task, RunMetrics metrics, TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();
    private readonly Dictionary<TableProgress, Meters> _meters = [];
    private readonly RateMeter _rows = new();
    private readonly RateMeter _bytes = new();
    private readonly RateMeter _changes = new();
    private readonly RateMeter _rowsForEta = new(TimeSpan.FromMinutes(1));
    private readonly EtaEstimator _eta = new();
    private long _rowsGrown;
    private long _bytesGrown;

    /// <summary>Observes the counters.</summary>
    public (MigrationStatus Status, IReadOnlyList<TableStatus> Tables) Build(TaskStateRecord state, string? message)
    {
        TimeSpan elapsed = time.GetElapsedTime(_origin);
        var tables = new List<TableStatus>(metrics.Tables.Count);
        var sum = default(Totals);
        foreach ((_, TableProgress progress) in metrics.Tables.OrderBy(pair => pair.Key))
        {
            tables.Add(Observe(progress, elapsed, ref sum));
        }

        Forget();
        _rows.Observe(elapsed, _rowsGrown);
        _bytes.Observe(elapsed, _bytesGrown);
        _rowsForEta.Observe(elapsed, _rowsGrown);
        _changes.Observe(elapsed, metrics.ChangesThisRun);
        double? lag = metrics.LagSeconds;
        double? catchUp = _eta.ForCatchUp(elapsed, lag);
        bool copying = sum.Done + sum.Stopped < tables.Count;
        var status = new MigrationStatus
        {
            Name = task,
            State = state.State.ToString(),
            Percent = Percent(tables.Count, copying, sum),
            TablesDone = sum.Done,
            TablesTotal = tables.Count,
            RowsCopied = sum.Rows,
            RowsTotalEstimate = sum.Rows + sum.RowsLeft,
            BytesCopied = sum.Bytes,
            RowsPerSecond = copying ? Math.Round(_rows.PerSecond, 1) : 0,
            MegabytesPerSecond = copying ? Math.Round(_bytes.PerSecond / 1e6, 2) : 0,
            ChangesApplied = metrics.ChangesApplied,
            ChangesLeftOut = metrics.ChangesLeftOut,
            ChangesPerSecond = Math.Round(_changes.PerSecond, 1),
            LagSeconds = lag is { } seconds ? Math.Round(seconds, 3) : null,
            EtaSeconds = state.State.IsActive() ? copying ? EtaEstimator.ForCopy(sum.RowsLeft, _rowsGrown, _rowsForEta.PerSecond) : catchUp : null,
            ApplyMode = metrics.ApplyMode?.Mode,
            ApplyModeReason = metrics.ApplyMode?.Reason,
            ThrottleReason = Throttle.Join(metrics.Throttle?.Reason, metrics.Governor?.Reason),
            FullQueriesPerSecondLimit = InForce(static limits => limits.FullQueriesPerSecond),
            FullRowsPerSecondLimit = InForce(static limits => limits.FullRowsPerSecond),
            FullMegabytesPerSecondLimit = InForce(static limits => limits.FullMegabytesPerSecond),
            IncrementalRowsPerSecondLimit = InForce(static limits => limits.IncrementalRowsPerSecond),
            IncrementalMegabytesPerSecondLimit = InForce(static limits => limits.IncrementalMegabytesPerSecond),
            Position = metrics.Position?.ToString(),
            Warning = Warn(metrics.Warning, sum.Stopped),
            WorkerPid = Environment.ProcessId,
            Host = Environment.MachineName,
            UpdatedAt = time.GetUtcNow(),
            PeakMemoryMb = ProcessMemory.PeakMb(),
        };
        return (WithState(status, state, message), tables);
    }

    /// <summary>The status with what a state says. An estimate made in another state is of something else, and goes.</summary>
    public static MigrationStatus WithState(MigrationStatus status, TaskStateRecord state, string? message) => status with
    {
        State = state.State.ToString(),
        Phase = state.Phase,
        EtaSeconds = status.State == state.State.ToString() ? status.EtaSeconds : null,
        StartedAt = state.StartedAt,
        Message = message ?? state.Reason,
        Error = state.Error,
        ErrorCode = state.ErrorCode,
        RecommendedAction = state.RecommendedAction,
    };

    private static string? Warn(string? other, int stopped) =>
        stopped == 0 ? other : Throttle.Join($"{stopped} tables are stopped because their rows do not fit the destination's; see the tables' status.", other);

    private long? InForce(Func<ThrottleLimits, long> limit) => metrics.Throttle is { } throttle && limit(throttle.Limits) is > 0 and var value ? value : null;

    private TableStatus Observe(TableProgress progress, TimeSpan elapsed, ref Totals sum)
    {
        long rows = progress.Rows;
        long bytes = progress.Bytes;
        bool done = progress.State >= TableCopyState.Copied;
        if (!_meters.TryGetValue(progress, out Meters? meters))
        {
            // A table is met with what earlier runs have copied: that is the base of its rate.
            _meters.Add(progress, meters = new Meters { LastRows = rows, LastBytes = bytes });
        }

        _rowsGrown += Math.Max(0, rows - meters.LastRows);
        _bytesGrown += Math.Max(0, bytes - meters.LastBytes);
        meters.LastRows = rows;
        meters.LastBytes = bytes;
        meters.Rate.Observe(elapsed, rows);
        meters.Seen = true;
        long left = done ? 0 : Math.Max(0, progress.EstimatedRows - rows);
        sum.Done += done && progress.State != TableCopyState.Stopped ? 1 : 0;
        sum.Stopped += progress.State == TableCopyState.Stopped ? 1 : 0;
        sum.Rows += rows;
        sum.RowsLeft += left;
        sum.Bytes += bytes;
        return new TableStatus
        {
            Task = task,
            Table = progress.Source.ToString(),
            Destination = progress.Destination.ToString(),
            State = progress.State.ToString(),
            Percent = Share(rows, left, done),
            Rows = rows,
            RowsEstimate = rows + left,
            Bytes = bytes,
            RowsPerSecond = Math.Round(meters.Rate.PerSecond, 1),
            Changes = progress.Changes,
            StopReason = progress.StopReason,
            ChangesLeftOut = progress.LeftOut,
        };
    }

    private static double? Percent(int tables, bool copying, in Totals sum) => tables == 0 ? null : Share(sum.Rows, sum.RowsLeft, !copying);

    // 100 is said only of what is done: estimates of InnoDB may be far too low.
    private static double Share(long rows, long left, bool done) => done ? 100 : rows == 0 ? 0 : Math.Min(99.9, Math.Round(100.0 * rows / (rows + left), 1));

    private void Forget()
    {
        foreach ((TableProgress progress, Meters meters) in _meters.ToList())
        {
            if (!meters.Seen)
            {
                _meters.Remove(progress);
            }

            meters.Seen = false;
        }
    }

    private struct Totals
    {
        public int Done;
        public int Stopped;
        public long Rows;
        public long RowsLeft;
        public long Bytes;
    }

    private sealed class Meters
    {
        public RateMeter Rate { get; } = new();

        public long LastRows { get; set; }

        public long LastBytes { get; set; }

        public bool Seen { get; set; }
    }
}
