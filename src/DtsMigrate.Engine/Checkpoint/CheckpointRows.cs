using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>What the stores of the checkpoint share in writing rows.</summary>
internal static class CheckpointRows
{
    /// <summary>Rows per INSERT: keeps statements far below any max_allowed_packet.</summary>
    private const int RowsPerInsert = 200;

    /// <summary>Inserts rows in groups; rows that are there already stay as they are, which makes a second call harmless.</summary>
    public static async Task InsertAsync(MySqlSession session, string head, IEnumerable<string> rows, CancellationToken cancellationToken)
    {
        foreach (string[] group in rows.Chunk(RowsPerInsert))
        {
            await session.ExecuteAsync(InsertSql(head, group), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The statement that inserts rows and leaves those that are there already as they are.</summary>
    public static string InsertSql(string head, IReadOnlyList<string> rows) => new StringBuilder(head).AppendJoin(',', rows).Append(" ON DUPLICATE KEY UPDATE number=number").ToString();

    /// <summary>The error of a row that is not there or not as it must be.</summary>
    public static DtsMigrateException Missing(Lease lease, string table) =>
        new("CheckpointInconsistent", $"A row of task {lease.TaskName} in dts_migrate.{table} is not there or not in the expected state.")
        {
            Target = $"dts_migrate.{table}",
            RecommendedAction = "Somebody has changed the schema dts_migrate; start the migration anew under another task name.",
        };
}
