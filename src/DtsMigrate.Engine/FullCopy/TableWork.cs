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

    private int _holds;
    private long _rows;
    private long _bytes;

    /// <summary>Creates the work.</summary>
    public TableWork(TableRoute route, TableCopyRecord record, TableProgress progress)
    {
        Route = route;
        Record = record;
        Progress = progress;
        State = record.State;
        Watermark = record.Watermark;
    }

    /// <summary>The table.</summary>
    public TableRoute Route { get; }

    /// <summary>Its row in the checkpoint as it was when the run began.</summary>
    public TableCopyRecord Record { get; }

    /// <summary>Live numbers.</summary>
    public TableProgress Progress { get; }

    /// <summary>State in the checkpoint.</summary>
    public TableCopyState State { get; set; }

    /// <summary>W(T).</summary>
    public SourcePosition? Watermark { get; set; }

    /// <summary>Statements; set when the table is begun.</summary>
    public CopyStatements? Statements { get; set; }

    /// <summary>The estimate was wrong: cut it even though it looks small.</summary>
    public bool MustBeCut { get; set; }

    /// <summary>LOAD DATA has not been exact where it mattered: use INSERT.</summary>
    public bool InsertOnly { get; set; }

    /// <summary>Has no key: one snapshot.</summary>
    public bool IsKeyless => Route.Definition.IdentityKey is null;

    /// <summary>Takes a hold: the table is not finished while there is one. The planner has one, and each chunk under way.</summary>
    public void Hold() => Interlocked.Increment(ref _holds);

    /// <summary>Gives a hold back.</summary>
    /// <returns>True when it was the last: the table's rows are all copied.</returns>
    public bool Release() => Interlocked.Decrement(ref _holds) == 0;

    /// <summary>Learns from a copied chunk.</summary>
    public void Learn(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
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
