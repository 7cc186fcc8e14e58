using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>One table while it is being copied. Planner and workers share it.</summary>
internal sealed class TableWork
{
    /// <summary>Assumed before anything is known of a table.</summary>
    private const long UnknownRowBytes = 256;

    private int _finishing;
    private readonly TaskCompletionSource _learned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _rows;
    private long _bytes;

    /// <summary>Creates the work.</summary>
    public TableWork(TableRoute route, TableCopyRecord record, TableProgress progress)
    {
        Route = route;
        Progress = progress;
        State = record.State;
        Watermark = record.Watermark;
        Attempt = record.Attempt;
        MustClear = record.MustClear;
        IsOutdated = record.DefinitionHash != route.Definition.Hash;
    }

    /// <summary>The table, with the definition that its copy goes by.</summary>
    public TableRoute Route { get; private set; }

    /// <summary>Live numbers.</summary>
    public TableProgress Progress { get; }

    /// <summary>Place among the tables of the run: lower ones are copied first.</summary>
    public int Priority { get; set; }

    /// <summary>How often its copy was begun, from 1.</summary>
    public int Attempt { get; private set; }

    /// <summary>What an earlier attempt has left on the destination must go before the copy begins.</summary>
    public bool MustClear { get; set; }

    /// <summary>The definition has changed between two runs: what was copied is of the old one.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>State in the checkpoint.</summary>
    public TableCopyState State { get; set; }

    /// <summary>W(T).</summary>
    public SourcePosition? Watermark { get; set; }

    /// <summary>Statements; set when the table is prepared.</summary>
    public CopyStatements? Statements { get; set; }

    /// <summary>The tables that it is copied with, where it is small; null when it goes alone.</summary>
    public TableGroup? Group { get; set; }

    /// <summary>LOAD DATA has not been exact where it mattered: use INSERT.</summary>
    public bool InsertOnly { get; set; }

    /// <summary>
    /// Is to be read as of one exact position: it has no key, so that a row that is copied twice could not be told from two rows, or cascades that the source does not log reach it,
    /// or a mapped collation may take two of its unique values for one.
    /// </summary>
    public bool IsReadAtOnce => Route.Definition.IdentityKey is null || NeedsExactCopy;

    /// <summary>Cascades that the source does not log reach the table, or a mapped collation compares its unique values.</summary>
    public bool NeedsExactCopy { get; init; }

    /// <summary>Tables that have to be copied before it, because cascades come to it through them.</summary>
    public IReadOnlyList<int> CopiedBefore { get; init; } = [];

    /// <summary>Tables of the source whose changes change this one's rows: locked with it for the instant in which its snapshot is opened.</summary>
    public IReadOnlyList<QualifiedName> LockedWith { get; init; } = [];

    /// <summary>The source's engine has snapshots.</summary>
    public bool HasSnapshots => Route.Definition.Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase);

    /// <summary>The snapshot that the other tables are copied from is older than the table: it gets one of its own.</summary>
    public bool IsNewerThanSnapshot { get; set; }

    /// <summary>For whoever sees that all chunks are done.</summary>
    /// <returns>True for the first caller: it finishes the table.</returns>
    public bool TryBeginFinish() => Interlocked.Exchange(ref _finishing, 1) == 0;

    /// <summary>Begins the table anew with the definition it has now.</summary>
    public void Restart(TableRoute route)
    {
        Route = route;
        Attempt++;
        State = TableCopyState.Pending;
        Watermark = null;
        Statements = null;
        MustClear = true;
        IsOutdated = false;
        InsertOnly = false;
        Group = null;
        Progress.ResetCopied();
        Progress.State = TableCopyState.Pending;
        Interlocked.Exchange(ref _rows, 0);
        Interlocked.Exchange(ref _bytes, 0);
        Interlocked.Exchange(ref _finishing, 0);
    }

    /// <summary>Learns from a copied chunk.</summary>
    public void Learn(long rows, long bytes)
    {
        // In this order: whoever sees rows divides by them.
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _rows, rows);
        if (rows > 0)
        {
            _learned.TrySetResult();
        }
    }

    /// <summary>Waits until a chunk has been copied here, so that the size of a row is known; but not for long, for others may copy the chunks, or something may hold them up.</summary>
    public async Task WaitForRowSizeAsync(TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _learned.Task.WaitAsync(most, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The estimate will do.
        }
    }

    /// <summary>Rows for the next chunk, from the size of rows seen so far, else from the estimate.</summary>
    public long NextChunkRows(CopyTuning tuning)
    {
        long rows = Interlocked.Read(ref _rows);
        long rowBytes = rows > 0
            ? Interlocked.Read(ref _bytes) / rows
            : Route.Definition.EstimatedRows > 0 ? Route.Definition.EstimatedBytes / Route.Definition.EstimatedRows : UnknownRowBytes;
        int most = rows > 0 ? tuning.MaxChunkRows : Math.Min(tuning.FirstChunkRows, tuning.MaxChunkRows);
        return Math.Clamp(tuning.ChunkBytes / Math.Max(1, rowBytes), 1, most);
    }

    /// <inheritdoc/>
    public override string ToString() => Route.Source.ToString();
}
