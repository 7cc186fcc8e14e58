using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>A statement that is to be carried out on the destination.</summary>
internal sealed record DdlJob
{
    /// <summary>GTID, or place of its end.</summary>
    public required string Position { get; init; }

    /// <summary>Kind.</summary>
    public required DdlKind Kind { get; init; }

    /// <summary>The statement on the source.</summary>
    public required string Statement { get; init; }

    /// <summary>Its event.</summary>
    public required QueryEvent Query { get; init; }

    /// <summary>What it names of the task.</summary>
    public required string Objects { get; init; }

    /// <summary>What is run, for the log.</summary>
    public required string Executed { get; init; }

    /// <summary>Tables of the destination whose definitions tell whether it was run.</summary>
    public IReadOnlyList<QualifiedName> Tables { get; init; } = [];

    /// <summary>Runs it. May be called again after a crash.</summary>
    public required Func<long, CancellationToken, Task> RunAsync { get; init; }

    /// <summary>Tells after a crash whether it was run, where definitions do not; null to compare them.</summary>
    public Func<long, CancellationToken, Task<bool>>? WasRunAsync { get; init; }

    /// <summary>Server errors that mean that what it asks for is so already.</summary>
    public IReadOnlyList<int> Harmless { get; init; } = [];
}
