namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The part of a table that a chunk's key range lies in: a partition, or rows whose leading key columns have given values, or both.</summary>
/// <param name="Partition">Name of the partition; null for all partitions.</param>
/// <param name="Fixed">One SQL literal per fixed leading column of the key, in key order; empty when none is fixed. Bounds then begin after them.</param>
/// <param name="PartitionHash">Hash over what decides which rows the partition holds; null for all partitions.</param>
public sealed record ChunkScope(string? Partition, IReadOnlyList<string> Fixed, string? PartitionHash = null);
