namespace DtsMigrate.Engine.FullCopy;

/// <summary>Sizes of the copy.</summary>
internal sealed record CopyTuning
{
    /// <summary>The task's sizes; chunks that may grow to four times theirs stay within what the destination's group takes as one transaction.</summary>
    public static CopyTuning Of(RunContext context) => new() { ChunkBytes = Math.Min(context.Task.Options.ChunkBytes, (context.DestinationFacts.TransactionLimit ?? long.MaxValue) / 5) };

    /// <summary>Size aimed at for a chunk in bytes.</summary>
    public required long ChunkBytes { get; init; }

    /// <summary>Most rows of a chunk, however narrow: bounds the locks and the undo log of its transaction.</summary>
    public int MaxChunkRows { get; init; } = 500_000;

    /// <summary>Most rows of a chunk before the size of a row has been seen: the server's estimates may be off by any factor.</summary>
    public int FirstChunkRows { get; init; } = 20_000;

    /// <summary>A chunk that passes this is ended: the estimate was wrong, or its rows are wider than those before.</summary>
    public long CutBytes => 4 * ChunkBytes;

    /// <summary>Size of an INSERT statement in bytes.</summary>
    public int InsertBytes { get; init; } = 1 << 20;

    /// <summary>Called between the look at a table's definition and its watermark: for tests that change the table there.</summary>
    public Func<Task> BeforeWatermark { get; init; } = static () => Task.CompletedTask;

    /// <summary>Tables that are begun and planned side by side.</summary>
    public int Planners { get; init; } = 4;
}
