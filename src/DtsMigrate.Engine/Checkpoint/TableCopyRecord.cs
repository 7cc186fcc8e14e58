using DtsMigrate.Engine.Replication;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>A row of <c>dts_migrate.table_copy</c>.</summary>
public sealed record TableCopyRecord
{
    /// <summary>Number within the task.</summary>
    public required int Number { get; init; }

    /// <summary>Name on the source.</summary>
    public required QualifiedName Source { get; init; }

    /// <summary>Name on the destination.</summary>
    public required QualifiedName Destination { get; init; }

    /// <summary>State.</summary>
    public required TableCopyState State { get; init; }

    /// <summary>Definition hash at the time the table was planned.</summary>
    public required string DefinitionHash { get; init; }

    /// <summary>W(T): null while Pending, and in tasks without incremental migration.</summary>
    public SourcePosition? Watermark { get; init; }

    /// <summary>
    /// E(T), read from the source after the last chunk: when the stream is past it, the destination table equals the source's and rows are
    /// applied strictly; until then as upserts. Null while copying.
    /// </summary>
    public SourcePosition? FuzzyEnd { get; init; }

    /// <summary>The chunk plan has reached the table's end.</summary>
    public bool PlanComplete { get; init; }

    /// <summary>Rows copied; set when the copy has ended, the chunks tell until then.</summary>
    public long RowsCopied { get; init; }

    /// <summary>Bytes copied, as sent; set likewise.</summary>
    public long BytesCopied { get; init; }

    /// <summary>How often its copy was begun, from 1: more than once where its definition has changed.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The destination has what an earlier attempt has left: to be cleared before the copy begins.</summary>
    public bool MustClear { get; init; }

    /// <summary>Why the task goes on without the table; null unless it is Stopped.</summary>
    public string? StopReason { get; init; }

    /// <summary>Row changes of the stream that were left out since it was stopped.</summary>
    public long ChangesLeftOut { get; init; }
}
