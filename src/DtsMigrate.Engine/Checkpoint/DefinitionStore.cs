using System.Globalization;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The definition that each table has on the source at the stream's position: what its rows in the binary log fit. The source itself is ahead of the stream, so that
/// it cannot be asked. Written in the transaction that writes the position from which the definition holds.
/// </summary>
internal sealed class DefinitionStore(CheckpointSession own, Lease lease)
{
    private const int RowsPerStatement = 20;

    private readonly string _task = CheckpointSql.Text(lease.TaskName);

    /// <summary>All tracked definitions by table number.</summary>
    public Task<IReadOnlyDictionary<int, TableDefinition>> ReadAllAsync(CancellationToken cancellationToken) =>
        own.RunAsync<IReadOnlyDictionary<int, TableDefinition>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT table_number, definition FROM dts_migrate.definition WHERE task={_task}", token).ConfigureAwait(false);
                return rows.ToDictionary(r => (int)r.GetInt64(0), r => DefinitionJson.Read(r.GetString(1)));
            },
            cancellationToken);

    /// <summary>In the caller's transaction: writes the definitions that tables were planned by.</summary>
    public async Task WriteAllAsync(MySqlSession session, IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        foreach (var group in routes.Chunk(RowsPerStatement))
        {
            var rows = group.Select(r => string.Create(CultureInfo.InvariantCulture, $"({_task},{r.Number},{CheckpointSql.Text(DefinitionJson.Write(r.Definition))})"));
            await session.ExecuteAsync($"REPLACE INTO dts_migrate.definition (task, table_number, definition) VALUES {string.Join(',', rows)}", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>In the caller's transaction: writes a table's definition.</summary>
    /// <param name="session">Session.</param>
    /// <param name="number">Table.</param>
    /// <param name="definition">Definition.</param>
    /// <param name="position">From where it holds; null for the table's watermark.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task WriteAsync(MySqlSession session, int number, TableDefinition definition, SourcePosition? position, CancellationToken cancellationToken)
    {
        string key = number.ToString(CultureInfo.InvariantCulture);
        string values = $"{CheckpointSql.Text(position?.ToString())},{CheckpointSql.Text(DefinitionJson.Write(definition))}";
        await session.ExecuteAsync($"REPLACE INTO dts_migrate.definition (task, table_number, position, definition) VALUES ({_task},{key},{values})", cancellationToken).ConfigureAwait(false);
    }
}
