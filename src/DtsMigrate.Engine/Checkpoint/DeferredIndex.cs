using DtsMigrate.Engine.Schema.Sql;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>A row of <c>dts_migrate.deferred_index</c>: an index that its table was created without.</summary>
/// <param name="Ordinal">Place among the table's deferred indexes, from 1.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Definition">The definition as the source's SHOW CREATE TABLE prints it.</param>
/// <param name="IsBuilt">The table has been seen with all indexes that it must have.</param>
internal sealed record DeferredIndex(int Ordinal, string Name, IndexKind Kind, string Definition, bool IsBuilt);
