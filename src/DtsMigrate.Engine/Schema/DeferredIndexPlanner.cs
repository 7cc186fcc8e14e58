using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Schema;

/// <summary>
/// Decides which indexes of a table are built after its rows. What decides what a row is stays in CREATE TABLE: the primary key, the key that AUTO_INCREMENT demands, and unique keys that
/// changes may need.
/// </summary>
/// <remarks>
/// With incremental data migration unique keys are not built late, because a fuzzy copy may hold two rows of one unique value, of which the replay of changes removes one later: the build
/// would fail although nothing is wrong. A copy of one snapshot holds what the source held together. Tables of other engines than InnoDB keep all: each ALTER TABLE would write them anew.
/// </remarks>
internal static class DeferredIndexPlanner
{
    /// <summary>
    /// Tables whose estimate is below this keep their indexes from the start. Measured with two indexes of random values: 0.9 MiB cost the server a fifth more
    /// when built late, 4 MiB a fifth less, 15 MiB a third less, 60 MiB half.
    /// </summary>
    public const long MinimumBytes = 4 << 20;

    /// <summary>The indexes to build late, in the order in which the source has them; empty when there is nothing to gain.</summary>
    public static IReadOnlyList<DeferredIndex> Plan(TableDefinition table, CreateTableStatement statement, MigrationTask task)
    {
        bool wanted = task.MigrationTypes.HasFlag(MigrationTypes.Schema | MigrationTypes.Full) && task.Options.LateIndexes switch
        {
            LateIndexes.Never => false,
            LateIndexes.Always => true,
            _ => table.EstimatedBytes >= MinimumBytes,
        };
        if (!wanted || !table.Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var indexes = statement.ReadIndexes();
        bool defersUnique = DefersUnique(table, indexes, task);
        string? counter = table.Columns.FirstOrDefault(c => c.IsAutoIncrement)?.Name;
        var needed = counter is null ? null
            : indexes.OrderBy(i => IsKept(i, defersUnique) ? 0 : 1).FirstOrDefault(i => counter.Equals(i.FirstColumn, StringComparison.OrdinalIgnoreCase));
        return [.. indexes.Where(i => !IsKept(i, defersUnique) && i != needed).Select((i, at) => new DeferredIndex(at + 1, i.Name, i.Kind, i.Element.Text(statement.Tokens), false))];
    }

    // Without a primary key rows are told apart, and stored, by a unique one. Rows that are there already, and values that a mapped collation makes one, meet their unique keys row by row.
    private static bool DefersUnique(TableDefinition table, IReadOnlyList<IndexElement> indexes, MigrationTask task) =>
        !task.MigrationTypes.HasFlag(MigrationTypes.Incremental)
        && task.ConflictMode == ConflictMode.PrecheckAndReportErrors
        && indexes.Any(i => i.Kind == IndexKind.Primary)
        && !task.Options.CollationMap.MayJoinKeys(table);

    // InnoDB looks for this one by its name when it builds a FULLTEXT index (Reference Manual, "InnoDB Full-Text Index Document ID and FTS_DOC_ID Column").
    private static bool IsKept(IndexElement index, bool defersUnique) =>
        index.Kind == IndexKind.Primary || (index.Kind == IndexKind.Unique && (!defersUnique || index.Name.Equals("FTS_DOC_ID_INDEX", StringComparison.OrdinalIgnoreCase)));
}
