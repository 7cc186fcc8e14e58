namespace DtsMigrate.Engine.Progress;

/// <summary>Live counters of one table. Thread safe.</summary>
public sealed class TableProgress
{
    private long _rows;
    private long _bytes;
    private long _changes;
    private long _leftOut;

    /// <summary>Creates the counters.</summary>
    /// <param name="source">Name on the source.</param>
    /// <param name="destination">Name on the destination.</param>
    /// <param name="estimatedRows">Estimate of its rows.</param>
    public TableProgress(QualifiedName source, QualifiedName destination, long estimatedRows)
    {
        Source = source;
        Destination = destination;
        EstimatedRows = estimatedRows;
    }

    /// <summary>Name on the source.</summary>
    public QualifiedName Source { get; }

    /// <summary>Name on the destination.</summary>
    public QualifiedName Destination { get; }

    /// <summary>Estimate of its rows.</summary>
    public long EstimatedRows { get; }

    /// <summary>State in words: Pending, Copying, Copied, CatchingUp, Live, Stopped.</summary>
    public Checkpoint.TableCopyState State { get; set; }

    /// <summary>Why the task goes on without the table; null unless it is Stopped.</summary>
    public string? StopReason { get; set; }

    /// <summary>Row changes that were left out: since the table was stopped, or because their kind is not selected.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    /// <summary>What is done to the table besides copying its rows, as a sentence; null for nothing.</summary>
    public string? Activity { get; set; }

    /// <summary>Rows copied and committed.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Bytes copied and committed.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Row changes applied by incremental migration in this run.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Adds a committed chunk.</summary>
    public void AddCopied(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Sets what is committed, as the checkpoint counts it: other workers may have copied a part.</summary>
    public void SetCopied(long rows, long bytes)
    {
        Interlocked.Exchange(ref _rows, rows);
        Interlocked.Exchange(ref _bytes, bytes);
    }

    /// <summary>Forgets what was copied: the table starts again.</summary>
    public void ResetCopied()
    {
        Interlocked.Exchange(ref _rows, 0);
        Interlocked.Exchange(ref _bytes, 0);
    }

    /// <summary>Adds changes that were left out.</summary>
    public void AddLeftOut(long changes) => Interlocked.Add(ref _leftOut, changes);

    /// <summary>Adds applied changes.</summary>
    public void AddChanges(long changes) => Interlocked.Add(ref _changes, changes);
}
