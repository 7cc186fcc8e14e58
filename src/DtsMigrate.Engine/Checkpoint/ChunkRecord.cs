namespace DtsMigrate.Engine.Checkpoint;

/// <summary>A row of <c>dts_migrate.chunk</c>: a half-open key range (lower, upper].</summary>
/// <param name="TableNumber">Table.</param>
/// <param name="Number">Number within the table, from 1, in key order.</param>
/// <param name="Lower">Exclusive lower bound: one SQL literal per key column; null for unbounded.</param>
/// <param name="Upper">Inclusive upper bound; null for unbounded.</param>
/// <param name="Done">Its rows are committed on the destination.</param>
/// <param name="Rows">Rows copied.</param>
/// <param name="Bytes">Bytes sent.</param>
/// <param name="Scope">Part of the table that the range lies in; null for the whole table.</param>
/// <param name="Priority">Chunks of lower priority numbers are copied first; tables are ranked by size.</param>
public sealed record ChunkRecord(
    int TableNumber,
    int Number,
    IReadOnlyList<string>? Lower,
    IReadOnlyList<string>? Upper,
    bool Done,
    long Rows,
    long Bytes,
    ChunkScope? Scope = null,
    int Priority = 0);
