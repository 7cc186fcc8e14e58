using System.Collections.Concurrent;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Progress;

/// <summary>Live numbers of a run, written by the stations and read by the status writer once a second. Thread safe.</summary>
public sealed class RunMetrics
{
    private long _changesApplied;
    private long _changesLeftOut;
    private long _changesThisRun;
    private long _binlogBytes;
    private long _lagMicroseconds = -1;
    private volatile SourcePosition? _position;
    private volatile ApplyModeChoice? _applyMode;
    private volatile string? _warning;

    /// <summary>Counters per table, by table number.</summary>
    public ConcurrentDictionary<int, TableProgress> Tables { get; } = new();

    /// <summary>What is done to tables besides copying their rows, in words; null for nothing.</summary>
    public string? Activity
    {
        get
        {
            string[] all = [.. Tables.OrderBy(pair => pair.Key).Select(pair => pair.Value.Activity).OfType<string>()];
            return all.Length switch
            {
                0 => null,
                1 => all[0],
                2 => $"{all[0]} (1 more table likewise)",
                _ => $"{all[0]} ({all.Length - 1} more tables likewise)",
            };
        }
    }

    /// <summary>What slows the copy by the servers' load; null before the copy.</summary>
    public CopyGovernor? Governor { get; set; }

    /// <summary>How changes are written now, and why; null before the stream.</summary>
    public ApplyModeChoice? ApplyMode
    {
        get => _applyMode;
        set => _applyMode = value;
    }

    /// <summary>The throttle in force; null for none.</summary>
    public Throttle? Throttle { get; init; }

    /// <summary>Row changes applied since the task began. Set from the checkpoint when a run begins; <see cref="AddChanges"/> counts from there.</summary>
    public long ChangesApplied
    {
        get => Interlocked.Read(ref _changesApplied);
        set => Interlocked.Exchange(ref _changesApplied, value);
    }

    /// <summary>Row changes left out since the task began, because their kind or their table is not selected.</summary>
    public long ChangesLeftOut
    {
        get => Interlocked.Read(ref _changesLeftOut);
        set => Interlocked.Exchange(ref _changesLeftOut, value);
    }

    /// <summary>Row changes applied in this run: those given to <see cref="AddChanges"/>; the base of the rate shown.</summary>
    public long ChangesThisRun => Interlocked.Read(ref _changesThisRun);

    /// <summary>Bytes read from the binary log in this run.</summary>
    public long BinlogBytes => Interlocked.Read(ref _binlogBytes);

    /// <summary>Position that the stream has applied; null before the stream started.</summary>
    public SourcePosition? Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>
    /// Lag in seconds: how old the oldest transaction is that may not be applied yet; 0 when everything the source has executed is applied; null while unknown.
    /// </summary>
    public double? LagSeconds
    {
        get
        {
            long value = Interlocked.Read(ref _lagMicroseconds);
            return value < 0 ? null : value / 1e6;
        }

        set => Interlocked.Exchange(ref _lagMicroseconds, value is { } seconds ? (long)(Math.Max(0, seconds) * 1e6) : -1);
    }

    /// <summary>What threatens the task, in words; null for nothing.</summary>
    public string? Warning
    {
        get => _warning;
        set => _warning = value;
    }

    /// <summary>A number that grows as the task gets on.</summary>
    internal long Progress => ChangesThisRun + Tables.Values.Sum(static table => table.Rows);

    /// <summary>Adds bytes read from the binary log.</summary>
    public void AddBinlogBytes(long bytes) => Interlocked.Add(ref _binlogBytes, bytes);

    /// <summary>Adds applied row changes.</summary>
    public void AddChanges(long changes)
    {
        Interlocked.Add(ref _changesApplied, changes);
        Interlocked.Add(ref _changesThisRun, changes);
    }

    /// <summary>Adds row changes that were left out.</summary>
    /// <param name="changes">All of them.</param>
    /// <param name="tables">Those of tables of the task, by number.</param>
    public void AddLeftOut(long changes, IReadOnlyDictionary<int, long> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        Interlocked.Add(ref _changesLeftOut, changes);
        foreach (var (table, count) in tables)
        {
            Tables.GetValueOrDefault(table)?.AddLeftOut(count);
        }
    }
}
