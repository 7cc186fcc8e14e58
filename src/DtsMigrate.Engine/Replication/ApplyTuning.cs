namespace DtsMigrate.Engine.Replication;

/// <summary>Limits of groups and windows; the defaults are for use, others for tests.</summary>
internal sealed record ApplyTuning
{
    /// <summary>Merging mode whether the stream is behind or not.</summary>
    public bool AlwaysMerge { get; init; }

    /// <summary>Row changes per group of whole source transactions, when not merging.</summary>
    public long GroupRows { get; init; } = 2000;

    /// <summary>Bytes of statements per group.</summary>
    public long GroupBytes { get; init; } = 4 << 20;

    /// <summary>How long a group gathers.</summary>
    public TimeSpan GroupTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Keys per window of merged changes. Large, for a row that changes twice in a window is written once.</summary>
    public int WindowRows { get; init; } = 250_000;

    /// <summary>Bytes that a window holds; with more it is written, in the middle of a source transaction if need be.</summary>
    public long WindowBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of statements and held rows per destination transaction of merged changes. Less than <see cref="WindowBytes"/>, so that a window usually ends with a source transaction:
    /// only then can it be written in slots.
    /// </summary>
    public long MergedBytes { get; init; } = 48 << 20;

    /// <summary>Transactions that write a window side by side.</summary>
    public int Slots { get; init; } = 4;

    /// <summary>Keys that a window must have to be written by several.</summary>
    public int SliceRows { get; init; } = 4000;

    /// <summary>How long a window gathers.</summary>
    public TimeSpan WindowTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Largest transaction that the destination takes, in bytes of its binary log; null for any.</summary>
    public long? TransactionLimit { get; private init; }

    /// <summary>Bytes of the source's binary log per destination transaction: what they make of the destination's is about the same, however short their statements are (a DELETE names a key only).</summary>
    public long LogBytes => (TransactionLimit ?? long.MaxValue) / 3;

    /// <summary>How long a transaction may stay between being sent to replicas and being in gtid_executed, in seconds: group commit, at worst a semi-synchronous wait.</summary>
    public int SettleSeconds { get; init; } = SourceProbe.DefaultSettleSeconds;

    /// <summary>The same for a destination that takes transactions up to a size only. A merged change is written as DELETE and INSERT, each with the whole row.</summary>
    /// <param name="limit">Bytes of its binary log; null for any.</param>
    public ApplyTuning Within(long? limit) => limit is not { } bytes
        ? this
        : this with { TransactionLimit = bytes, MergedBytes = Math.Min(MergedBytes, bytes / 3), WindowBytes = Math.Min(WindowBytes, bytes * 4 / 9) };
}
