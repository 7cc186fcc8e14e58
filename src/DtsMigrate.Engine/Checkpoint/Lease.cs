namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The right to write for a task. A later owner has a higher epoch, and then nothing of this one can commit.</summary>
/// <param name="TaskName">Task.</param>
/// <param name="Owner">Machine, process, a random part, and the source's <c>server_uuid</c>.</param>
/// <param name="Epoch">Epoch.</param>
public sealed record Lease(string TaskName, string Owner, long Epoch);
