namespace DtsMigrate.Engine.FullCopy;

/// <summary>Work for a planner.</summary>
/// <param name="Table">A table to begin and cut.</param>
/// <param name="Rest">Number of a chunk of it that holds the rest of another one and is to be cut; null for the table itself.</param>
internal readonly record struct PlanJob(TableWork Table, int? Rest);
