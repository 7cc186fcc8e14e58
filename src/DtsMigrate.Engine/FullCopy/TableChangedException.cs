using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>A table is not any more what it was when its copy began: the copy of this table begins again (invariant I6).</summary>
internal sealed class TableChangedException(TableWork table, int attempt, string how, Exception? inner = null)
    : DtsMigrateException("TableDefinitionChanged", $"Table {table.Route.Source} {how} on the source while it was being copied.", inner)
{
    /// <summary>The table.</summary>
    public TableWork Table { get; } = table;

    /// <summary>The attempt that has met the change.</summary>
    public int Attempt { get; } = attempt;
}
