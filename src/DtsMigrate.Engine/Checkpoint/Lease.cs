namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The right to write for a task. A later owner has a higher epoch, and then nothing of this one can commit.</summary>
/// <param name="TaskName">Task.</param>
/// <param name="Owner">Host, process and a random part.</param>
/// <param name="Epoch">Epoch.</param>
public sealed record Lease(string TaskName, string Owner, long Epoch);
