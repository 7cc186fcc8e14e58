using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>A table of a group whose only chunk was copied.</summary>
/// <param name="Table">Table.</param>
/// <param name="Attempt">The attempt that the chunk was recorded for.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="Piece">What was written.</param>
internal readonly record struct GroupPiece(TableWork Table, int Attempt, ChunkRecord Chunk, PieceResult Piece);
