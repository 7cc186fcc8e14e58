using System.Globalization;
using System.Text.Json;
using DtsMigrate.Engine.Replication.OnlineDdl;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// Shadow tables of online DDL tools that the task follows: <c>dts_migrate.shadow_table</c>. Written in the transaction that writes the position up to which their rows are summed up.
/// </summary>
internal sealed class ShadowStore(CheckpointSession own, Lease lease)
{
    private readonly string _task = CheckpointSql.Text(lease.TaskName);

    /// <summary>All of them.</summary>
    /// <exception cref="DtsMigrateException">Code <c>CheckpointDamaged</c>.</exception>
    public Task<IReadOnlyList<ShadowTable>> ReadAllAsync(CancellationToken cancellationToken) =>
        own.RunAsync<IReadOnlyList<ShadowTable>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT source_database, source_table, version, definition, statements, row_count, row_hash, reason FROM dts_migrate.shadow_table WHERE task={_task}", token).ConfigureAwait(false);
                return [.. rows.Select(Read)];
            },
            cancellationToken);

    /// <summary>In the caller's transaction: writes all that is known of one.</summary>
    public async Task PutAsync(MySqlSession session, ShadowTable table, CancellationToken cancellationToken)
    {
        string values = string.Join(
            ',',
            _task,
            CheckpointSql.Text(table.Name.Database),
            CheckpointSql.Text(table.Name.Name),
            table.Version.ToString(CultureInfo.InvariantCulture),
            CheckpointSql.Text(table.Model.Name),
            CheckpointSql.Text(DefinitionJson.Write(table.Definition)),
            CheckpointSql.Text(CheckpointJson.Write(table.Statements)),
            Sum(table));
        await session.ExecuteAsync(
            $"REPLACE INTO dts_migrate.shadow_table (task, source_database, source_table, version, model, definition, statements, row_count, row_hash, reason) VALUES ({values})", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In the caller's transaction: writes the sum of its rows. One that is not there any more is not followed by whoever reads them next.</summary>
    public async Task UpdateAsync(MySqlSession session, ShadowTable table, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.shadow_table SET row_count={table.Sum.Rows}, row_hash='{table.Sum.HashText}', reason={CheckpointSql.Text(table.Reason)} WHERE {Key(table.Name)}"), cancellationToken).ConfigureAwait(false);

    /// <summary>In the caller's transaction: it is not followed any more.</summary>
    public async Task DeleteAsync(MySqlSession session, QualifiedName name, CancellationToken cancellationToken) =>
        await session.ExecuteAsync($"DELETE FROM dts_migrate.shadow_table WHERE {Key(name)}", cancellationToken).ConfigureAwait(false);

    private static ShadowTable Read(TextRow row)
    {
        try
        {
            var statements = CheckpointJson.Read<IReadOnlyList<ShadowStatement>>(row.GetString(4)) ?? throw new JsonException("null");
            return new ShadowTable(new QualifiedName(row.GetString(0), row.GetString(1)), (int)row.GetInt64(2), DefinitionJson.Read(row.GetString(3)), statements)
            {
                Sum = new RowSum(row.GetInt64(5), RowSum.ParseHash(row.GetString(6))),
                Reason = row.GetStringOrNull(7),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new DtsMigrateException("CheckpointDamaged", $"A row of dts_migrate.shadow_table cannot be read: {e.Message}", e)
            {
                Target = "dts_migrate.shadow_table",
                RecommendedAction = "Delete the row: the table is then copied again when the online DDL tool swaps the names.",
            };
        }
    }

    private static string Sum(ShadowTable table) =>
        string.Create(CultureInfo.InvariantCulture, $"{table.Sum.Rows},'{table.Sum.HashText}',{CheckpointSql.Text(table.Reason)}");

    private string Key(QualifiedName name) => $"task={_task} AND source_database={CheckpointSql.Text(name.Database)} AND source_table={CheckpointSql.Text(name.Name)}";
}
