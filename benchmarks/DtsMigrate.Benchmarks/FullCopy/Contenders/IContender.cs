namespace DtsMigrate.Benchmarks.FullCopy.Contenders;

/// <summary>One way to copy the database.</summary>
internal interface IContender
{
    /// <summary>Name in the table.</summary>
    string Name { get; }

    /// <summary>Why it cannot run here; null when it can.</summary>
    string? Absent { get; }

    /// <summary>Copies the whole database into a destination that does not have it. This is what is timed.</summary>
    /// <returns>What the engine told; null where it is not the engine.</returns>
    /// <exception cref="InvalidOperationException">A program failed.</exception>
    Task<WorkerResult?> CopyAsync(Arena arena, CancellationToken cancellationToken);
}
