using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.PowerShell;

/// <summary>An entry of a task's DDL log as the pipeline sees it: a DDL statement of the source, and what became of it.</summary>
public sealed record MigrationDdlInfo
{
    /// <summary>Task.</summary>
    public required string Name { get; init; }

    /// <summary>Number within the destination, ascending in the order of the source.</summary>
    public required long Id { get; init; }

    /// <summary>When the destination began with it, by the destination's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When it was settled; null while it is not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What became of it: a name of <see cref="DdlOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Kind: <c>AlterTable</c>, <c>CreateView</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>Objects of the task that it names, by their names on the source.</summary>
    public required string Objects { get; init; }

    /// <summary>The statement as the source ran it.</summary>
    public required string Statement { get; init; }

    /// <summary>What was run on the destination; null when nothing was.</summary>
    public string? Executed { get; init; }

    /// <summary>Why it failed or was left out; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>GTID, or file and offset of its end, in the source's binary log.</summary>
    public required string Position { get; init; }

    /// <summary>Default database of its session on the source, empty for none.</summary>
    public required string DefaultDatabase { get; init; }

    /// <summary>How often it was begun.</summary>
    public required int Attempts { get; init; }

    internal static MigrationDdlInfo From(string task, DdlRecord entry) => new()
    {
        Name = task,
        Id = entry.Id,
        Time = entry.BegunAt,
        EndedAt = entry.EndedAt,
        Outcome = entry.Outcome.ToString(),
        Kind = entry.Kind,
        Objects = entry.Objects,
        Statement = entry.Statement,
        Executed = entry.Executed,
        Error = entry.Error,
        Position = entry.Position,
        DefaultDatabase = entry.DefaultDatabase,
        Attempts = entry.Attempts,
    };
}
