using System.Globalization;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The plan of indexes that are built after the rows. It is recorded before the table is created without them, so that whoever finds the table knows what it
/// lacks. Each write is fenced by the lease and may be repeated.
/// </summary>
internal sealed class DeferredIndexStore
{
    private readonly CheckpointSession _own;
    private readonly Lease _lease;
    private readonly string _task;

    /// <summary>Creates the store over the checkpoint's session.</summary>
    public DeferredIndexStore(CheckpointSession own, Lease lease)
    {
        _own = own;
        _lease = lease;
        _task = CheckpointSql.Text(lease.TaskName);
    }

    /// <summary>The plans of all tables that have one, by table number.</summary>
    public Task<IReadOnlyDictionary<int, IReadOnlyList<DeferredIndex>>> ReadAllAsync(CancellationToken cancellationToken) =>
        ReadAsync(string.Empty, cancellationToken);

    /// <summary>The plan of a table, empty when it was created whole.</summary>
    public async Task<IReadOnlyList<DeferredIndex>> ReadAsync(int tableNumber, CancellationToken cancellationToken)
    {
        var plans = await ReadAsync($" AND table_number={Number(tableNumber)}", cancellationToken).ConfigureAwait(false);
        return plans.GetValueOrDefault(tableNumber, []);
    }

    /// <summary>Records the plan of a table in place of an earlier one.</summary>
    public Task ReplaceAsync(int tableNumber, IReadOnlyList<DeferredIndex> plan, CancellationToken cancellationToken) =>
        WriteAsync(
            async (session, token) =>
            {
                await session.ExecuteAsync($"DELETE FROM dts_migrate.deferred_index WHERE task={_task} AND table_number={Number(tableNumber)}", token).ConfigureAwait(false);
                if (plan.Count > 0)
                {
                    var rows = plan.Select(i => string.Create(
                        CultureInfo.InvariantCulture,
                        $"({_task},{tableNumber},{i.Ordinal},{CheckpointSql.Text(i.Name)},'{i.Kind}',{CheckpointSql.Text(i.Definition)},{(i.IsBuilt ? 1 : 0)})"));
                    await session.ExecuteAsync(
                        $"INSERT INTO dts_migrate.deferred_index (task, table_number, ordinal, name, kind, definition, built) VALUES {string.Join(',', rows)}", token).ConfigureAwait(false);
                }
            },
            cancellationToken);

    /// <summary>Records that all indexes of the plan are on the destination.</summary>
    public Task MarkBuiltAsync(int tableNumber, CancellationToken cancellationToken) =>
        WriteAsync(
            (session, token) => session.ExecuteAsync($"UPDATE dts_migrate.deferred_index SET built=1 WHERE task={_task} AND table_number={Number(tableNumber)}", token),
            cancellationToken);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private Task<IReadOnlyDictionary<int, IReadOnlyList<DeferredIndex>>> ReadAsync(string condition, CancellationToken cancellationToken) =>
        _own.RunAsync<IReadOnlyDictionary<int, IReadOnlyList<DeferredIndex>>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    $"SELECT table_number, ordinal, name, kind, definition, built FROM dts_migrate.deferred_index WHERE task={_task}{condition} ORDER BY table_number, ordinal", token).ConfigureAwait(false);
                return rows.GroupBy(r => (int)r.GetInt64(0)).ToDictionary(g => g.Key, g => (IReadOnlyList<DeferredIndex>)[.. g.Select(Read)]);
            },
            cancellationToken);

    private static DeferredIndex Read(TextRow row) =>
        new((int)row.GetInt64(1), row.GetString(2), Enum.Parse<IndexKind>(row.GetString(3)), row.GetString(4), row.GetInt64(5) == 1);

    private Task<bool> WriteAsync(Func<MySqlSession, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        _own.TransactAsync(
            async (session, token) =>
            {
                await LeaseTable.AssertAsync(session, _lease, token).ConfigureAwait(false);
                await action(session, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
}
