using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>How a statement ended on the destination.</summary>
/// <param name="Id">Entry of the DDL log.</param>
/// <param name="Outcome">Done or Skipped.</param>
/// <param name="Error">Why it was skipped, or a note.</param>
/// <param name="Before">Definitions before, by name on the destination; null for what did not exist.</param>
/// <param name="After">Definitions after.</param>
/// <param name="IsUncertain">A worker was ended while it ran, the definitions are as before, and it has been run again.</param>
internal sealed record DdlResult(
    long Id, DdlOutcome Outcome, string? Error, IReadOnlyDictionary<QualifiedName, TableDefinition?> Before, IReadOnlyDictionary<QualifiedName, TableDefinition?> After, bool IsUncertain);
