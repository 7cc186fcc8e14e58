using System.Globalization;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Throttling;

/// <summary>The queries behind the signs of load. Each gives null where the server does not tell.</summary>
internal static class LoadQuery
{
    // Access denied, for a table, a routine or a privilege such as PROCESS or REPLICATION CLIENT; no such table.
    private static readonly int[] NotTold = [1044, 1045, 1109, 1142, 1146, 1227];

    /// <summary>Threads_running, less the session that asks.</summary>
    public static async Task<double?> ThreadsRunningAsync(MySqlSession session, CancellationToken cancellationToken) =>
        await StatusAsync(session, "Threads_running", cancellationToken).ConfigureAwait(false) is { } threads ? Math.Max(0, threads - 1) : null;

    /// <summary>Length of the history list: undo logs that are not purged yet. Needs PROCESS.</summary>
    public static Task<double?> HistoryLengthAsync(MySqlSession session, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                var rows = await session.QueryRowsAsync("SELECT COUNT FROM information_schema.INNODB_METRICS WHERE NAME='trx_rseg_history_len' AND STATUS='enabled'", cancellationToken).ConfigureAwait(false);
                return rows.Count == 0 ? null : Parse(rows[0].GetStringOrNull(0));
            });

    /// <summary>
    /// Seconds that the server is behind its own source; null when it is no replica. A replica whose threads do not run is as far behind as can be.
    /// Needs REPLICATION CLIENT. MySQL 8.0.22 has renamed the statement and its columns.
    /// </summary>
    public static Task<double?> ReplicaLagAsync(MySqlSession session, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                bool renamed = session.ServerVersion.IsAtLeast(8, 0, 22);
                var result = await session.QueryAsync(renamed ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS", cancellationToken).ConfigureAwait(false);
                await using (result.ConfigureAwait(false))
                {
                    int column = result.Columns.ToList().FindIndex(c => c.Name == (renamed ? "Seconds_Behind_Source" : "Seconds_Behind_Master"));
                    double? worst = null;
                    while (await result.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        double lag = Field(result.CurrentRow, column) ?? double.PositiveInfinity;
                        worst = Math.Max(worst ?? 0, lag);
                    }

                    return worst;
                }
            });

    /// <summary>Age of the last checkpoint in percent of the redo log's capacity; told since 8.0.30.</summary>
    public static async Task<double?> RedoPercentAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        double? now = await StatusAsync(session, "Innodb_redo_log_current_lsn", cancellationToken).ConfigureAwait(false);
        double? checkpoint = await StatusAsync(session, "Innodb_redo_log_checkpoint_lsn", cancellationToken).ConfigureAwait(false);
        double? capacity = await StatusAsync(session, "Innodb_redo_log_capacity_resized", cancellationToken).ConfigureAwait(false);
        return now is null || checkpoint is null || capacity is null or 0 ? null : 100 * (now - checkpoint) / capacity;
    }

    private static Task<double?> StatusAsync(MySqlSession session, string name, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                var rows = await session.QueryRowsAsync($"SHOW GLOBAL STATUS LIKE '{name}'", cancellationToken).ConfigureAwait(false);
                return rows.Count == 0 ? null : Parse(rows[0].GetStringOrNull(1));
            });

    private static double? Field(ReadOnlySpan<byte> row, int column)
    {
        var fields = new TextRowReader(row);
        for (int i = 0; i < column; i++)
        {
            fields.ReadField(out _);
        }

        return fields.ReadField(out var value) ? Parse(System.Text.Encoding.ASCII.GetString(value)) : null;
    }

    private static double? Parse(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static async Task<double?> TryAsync(Func<Task<double?>> query)
    {
        try
        {
            return await query().ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (NotTold.Contains(e.Errno))
        {
            return null;
        }
    }
}
