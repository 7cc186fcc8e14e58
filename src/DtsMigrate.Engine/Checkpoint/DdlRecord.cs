namespace DtsMigrate.Engine.Checkpoint;

/// <summary>An entry of the DDL log: a row of <c>dts_migrate.ddl</c>.</summary>
public sealed record DdlRecord
{
    /// <summary>Number within the destination, ascending in the order of the source.</summary>
    public required long Id { get; init; }

    /// <summary>GTID, or file and offset of its end, in the source's binary log.</summary>
    public required string Position { get; init; }

    /// <summary>Kind: <c>AlterTable</c>, <c>CreateView</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>Default database of its session on the source, empty for none.</summary>
    public required string DefaultDatabase { get; init; }

    /// <summary>The statement as the source ran it.</summary>
    public required string Statement { get; init; }

    /// <summary>What was run on the destination; null when nothing was.</summary>
    public string? Executed { get; init; }

    /// <summary>Objects of the task that it names, by their names on the source.</summary>
    public required string Objects { get; init; }

    /// <summary>What became of it.</summary>
    public required DdlOutcome Outcome { get; init; }

    /// <summary>Why it failed or was left out; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>When the destination began with it, by the destination's clock, UTC.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>When it was settled; null while it is not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>State of the destination's tables before it, for settling after a crash.</summary>
    internal string? Before { get; init; }
}
