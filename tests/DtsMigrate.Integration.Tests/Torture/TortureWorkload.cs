using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>
/// An application with several connections that inserts, updates, deletes and replaces in transactions of random length, under session settings that change, and goes on when the
/// source is killed. What the server refuses is rolled back: only that both sides are equal matters.
/// </summary>
internal sealed class TortureWorkload(MySqlSessionOptions source, string database, int seed)
{
    private readonly MySqlSessionOptions _options = source with { Database = database };
    private long _transactions;
    private long _refused;

    /// <summary>Committed transactions.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Transactions that the server refused.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Creates the database and fills it.</summary>
    public async Task CreateAsync(int rowsPerTable, CancellationToken cancellationToken)
    {
        await using MySqlSession session = await MySqlSession.ConnectAsync(source, TimeProvider.System, cancellationToken);
        await session.ExecuteAsync($"CREATE DATABASE {database} DEFAULT CHARACTER SET utf8mb4", cancellationToken);
        await session.ExecuteAsync($"USE {database}", cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_mode='ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'", cancellationToken);
        var random = new Random(seed);
        foreach (TortureTable table in TortureSchema.Tables)
        {
            if (table.Before is { } before)
            {
                await session.ExecuteAsync(before, cancellationToken);
            }

            await session.ExecuteAsync(InItsWords(session, $"CREATE TABLE {table.Name} {table.Definition}"), cancellationToken);
            for (int rows = 0; rows < rowsPerTable; rows += 100)
            {
                await session.ExecuteAsync(InItsWords(session, $"INSERT IGNORE INTO {table.Name} ({table.Names}) VALUES {string.Join(",", Enumerable.Range(0, 100).Select(_ => table.Values(random)))}"), cancellationToken);
            }
        }
    }

    /// <summary>Writes until cancelled.</summary>
    public Task RunAsync(int connections, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(1, connections).Select(i => RunOneAsync(new Random((seed * 31) + i), i == 1 && seed % 2 == 0 ? new TortureDdl(new Random(~seed)) : null, cancellationToken)));

    private async Task RunOneAsync(Random random, TortureDdl? ddl, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using MySqlSession session = await MySqlSession.ConnectAsync(_options, TimeProvider.System, cancellationToken);
                await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(Settings(random)), CancellationToken.None);
                for (int i = random.Next(20, 200); i > 0 && !cancellationToken.IsCancellationRequested; i--)
                {
                    await RunTransactionAsync(session, random);
                    if (ddl is not null && random.Next(60) == 0)
                    {
                        await ddl.RunAsync(session);
                    }
                    await Task.Delay(random.Next(0, 12), cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is MySqlConnectionException or MySqlServerException)
            {
                // The source is away: a fault of the torture.
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        }
    }

    private static string InItsWords(MySqlSession session, string sql) => OldSql.For(new Version(session.ServerVersion.Major, session.ServerVersion.Minor), sql);

    private async Task RunTransactionAsync(MySqlSession session, Random random)
    {
        try
        {
            await session.ExecuteAsync("START TRANSACTION", CancellationToken.None);
            for (int statements = random.Next(1, 8); statements > 0; statements--)
            {
                TortureTable table = TortureSchema.Tables[random.Next(TortureSchema.Tables.Count)];
                try
                {
                    await session.ExecuteAsync(InItsWords(session, Statement(table, random)), CancellationToken.None);
                }
                catch (MySqlServerException e) when (e.Errno is 1062 or 1451 or 1452 or 3819 or 1690 or 1761)
                {
                    // The statement alone is undone; the transaction goes on, as applications do.
                }
            }

            await session.ExecuteAsync(random.Next(25) == 0 ? "ROLLBACK" : "COMMIT", CancellationToken.None);
            Interlocked.Increment(ref _transactions);
        }
        catch (MySqlServerException e) when (e.Errno is 1205 or 1213)
        {
            Interlocked.Increment(ref _refused);
            await session.ExecuteAsync("ROLLBACK", CancellationToken.None);
        }
    }

    private static string Statement(TortureTable table, Random random)
    {
        TortureColumn column = table.Columns[random.Next(table.Columns.Count)];
        TortureColumn second = table.Columns[random.Next(table.Columns.Count)];
        string filter = table.Filter(random);
        string limit = filter.Contains("LIMIT", StringComparison.Ordinal) ? string.Empty : $" LIMIT {random.Next(1, 12)}";
        return random.Next(16) switch
        {
            < 5 => $"INSERT INTO {table.Name} ({table.Names}) VALUES {string.Join(",", Enumerable.Range(0, random.Next(1, 4)).Select(_ => table.Values(random)))}",
            < 10 => $"UPDATE {table.Name} SET {column.Name}={column.Draw(random)} WHERE {filter}{limit}",
            10 when column != second => $"UPDATE {table.Name} SET {column.Name}={column.Draw(random)},{second.Name}={second.Draw(random)} WHERE {filter}{limit}",
            11 => $"INSERT IGNORE INTO {table.Name} ({table.Names}) VALUES {string.Join(",", Enumerable.Range(0, random.Next(1, 30)).Select(_ => table.Values(random)))}",
            12 => $"REPLACE INTO {table.Name} ({table.Names}) VALUES {table.Values(random)}",
            13 when table.Name == "kinds" => $"UPDATE kinds SET j=JSON_SET(j,'$.a',{random.Next()}) WHERE {filter}",
            _ => $"DELETE FROM {table.Name} WHERE {filter}{limit}",
        };
    }

    private static string Settings(Random random) =>
        "SET SESSION sql_mode='ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', innodb_lock_wait_timeout=3"
        + $",time_zone='{(random.Next(2) == 0 ? "+00:00" : "-05:30")}'"
        + $",binlog_transaction_compression={(random.Next(3) == 0 ? "ON" : "OFF")}"
        + $",binlog_row_value_options='{(random.Next(3) == 0 ? "PARTIAL_JSON" : string.Empty)}'"
        + $",binlog_rows_query_log_events={(random.Next(3) == 0 ? "ON" : "OFF")}";
}
