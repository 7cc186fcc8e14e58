namespace DtsMigrate.Engine.FullCopy;

/// <summary>What came of a worker's look for work.</summary>
/// <param name="Table">The table of the chunk that was copied.</param>
/// <param name="Rest">Number of the chunk that holds what was left of it; null when it was copied whole.</param>
/// <param name="Group">The tables of one chunk that were copied together, that table among them; null when it was copied alone.</param>
internal readonly record struct ChunkOutcome(TableWork Table, int? Rest, IReadOnlyList<GroupPiece>? Group = null);
