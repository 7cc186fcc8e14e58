using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Work for a copy thread.</summary>
/// <param name="Table">Table.</param>
/// <param name="Chunk">Its chunk; null for the whole of a table without a key.</param>
internal sealed record CopyJob(TableWork Table, ChunkRecord? Chunk);
