namespace DtsMigrate.Engine.FullCopy;

/// <summary>What one destination transaction has taken in.</summary>
/// <param name="Rows">Rows stored.</param>
/// <param name="Bytes">Bytes sent.</param>
/// <param name="Skipped">Rows left out because a unique value was there already; only where that is legal.</param>
/// <param name="AtEnd">The source's rows are used up.</param>
internal readonly record struct PieceResult(long Rows, long Bytes, long Skipped, bool AtEnd);
