using System.Globalization;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Testing.Shop;

/// <summary>
/// An application at work on the shop: several connections insert, update and delete in transactions until stopped. Keys change, unique values
/// change hands, rows without a key are doubled and deleted, some transactions roll back.
/// </summary>
public sealed class ShopWriter
{
    private const int Deadlock = 1213;
    private const int LockWait = 1205;
    private const int Duplicate = 1062;
    private const int NoParent = 1452;
    private const int RowReferenced = 1451;

    private readonly MySqlSessionOptions _options;
    private readonly string _database;
    private readonly long _rows;
    private readonly TimeSpan _pause;
    private long _changes;
    private long _transactions;

    /// <summary>Prepares a writer.</summary>
    /// <param name="options">The source.</param>
    /// <param name="database">The shop's database.</param>
    /// <param name="rows">Rows it was created with: where keys are drawn from.</param>
    /// <param name="pause">Pause after each transaction of a connection: sets the pace.</param>
    public ShopWriter(MySqlSessionOptions options, string database, long rows, TimeSpan pause)
    {
        _options = options with { Database = database };
        _database = database;
        _rows = rows;
        _pause = pause;
    }

    /// <summary>Rows changed in committed transactions.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Committed transactions.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Writes with the given number of connections until cancelled; ends without an exception then. A lost connection is made anew.</summary>
    public Task RunAsync(int connections, int seed, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(i => RunOneAsync(new Random(seed + i), cancellationToken)));

    private async Task RunOneAsync(Random random, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using MySqlSession session = await MySqlSession.ConnectAsync(_options, TimeProvider.System, cancellationToken);
                await session.ExecuteAsync("SET SESSION innodb_lock_wait_timeout = 5, sql_mode = 'STRICT_ALL_TABLES'", cancellationToken);
                while (!cancellationToken.IsCancellationRequested)
                {
                    // Never cancelled half-way: a COMMIT whose answer is not awaited would leave the count wrong.
                    await RunTransactionAsync(session, random, CancellationToken.None);
                    await Task.Delay(_pause, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (MySqlConnectionException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
        }
    }

    private async Task RunTransactionAsync(MySqlSession session, Random random, CancellationToken cancellationToken)
    {
        ulong changed = 0;
        try
        {
            await session.ExecuteAsync("START TRANSACTION", cancellationToken);
            int statements = random.Next(1, 6);
            for (int i = 0; i < statements; i++)
            {
                changed += (await session.ExecuteAsync(Statement(random), cancellationToken)).AffectedRows;
            }

            if (random.Next(40) == 0)
            {
                await session.ExecuteAsync("ROLLBACK", cancellationToken);
                return;
            }

            await session.ExecuteAsync("COMMIT", cancellationToken);
            Interlocked.Add(ref _changes, (long)changed);
            Interlocked.Increment(ref _transactions);
        }
        catch (MySqlServerException e) when (e.Errno is Deadlock or LockWait or Duplicate or NoParent or RowReferenced)
        {
            await session.ExecuteAsync("ROLLBACK", cancellationToken);
        }
    }

    private string Statement(Random random)
    {
        long customer = random.NextInt64(1, Math.Max(2, _rows / 10));
        long order = random.NextInt64(1, Math.Max(2, _rows / 8));
        long n = random.NextInt64(1, Math.Max(2, _rows / 12));
        long fresh = random.NextInt64(1, long.MaxValue / 4);
        string stock = $"warehouse = {n % 7} AND sku = '{(n % 2 == 0 ? "sku-" : "SKU.")}{n}'";
        string sql = random.Next(22) switch
        {
            0 => $"INSERT INTO customer (email, name, born, credit, flags, level) VALUES ('new{fresh}@example.net', 'Nëw 客 {fresh}', '0000-00-00', {n}.25, {n % 4096}, {1 + (n % 4)})",
            1 => $"UPDATE customer SET credit = credit + 0.0001, city = IF(city IS NULL, 'Århus', NULL), level = {1 + (n % 4)} WHERE id = {customer}",
            2 => $"UPDATE customer SET email = CONCAT('moved', {fresh}, '@example.com') WHERE id BETWEEN {customer} AND {customer + 3}",
            3 => $"UPDATE customer SET flags = flags ^ 5, name = REVERSE(name) WHERE id BETWEEN {customer} AND {customer + 10}",
            4 => $"INSERT INTO `order` (customer_id, placed, status, note) VALUES ({customer}, NOW(6), 0, REPEAT('n', {n % 300}))",
            5 => $"UPDATE `order` SET status = (status + 1) % 6, total = total + 1.01 WHERE id BETWEEN {order} AND {order + 4}",
            6 => $"DELETE FROM `order` WHERE id = {order}",
            7 => $"INSERT INTO order_item (order_id, line, sku, quantity, price) SELECT id, {100 + (n % 3000)}, 'sku-{n}', {n % 99}, {n % 1000}.99 FROM `order` WHERE id = {order} FOR SHARE",
            8 => $"UPDATE order_item SET quantity = quantity + 1 WHERE order_id = {order}",
            9 => $"UPDATE order_item SET line = line + 3000 WHERE order_id = {order} AND line < 3",
            10 => $"DELETE FROM order_item WHERE order_id = {order} LIMIT 1",
            11 => $"INSERT INTO payment VALUES (UUID_TO_BIN(UUID()), {order}, {n}.0000000001, NOW(), 'card')",
            12 => $"DELETE FROM payment WHERE order_id = {n}",
            13 => $"UPDATE product SET attributes = JSON_SET(COALESCE(attributes, '{{}}'), '$.n', {fresh}), weight = {n} / 7, volume = -{n} / 3e0, tags = {n % 16} WHERE sku = 'sku-{n}'",
            14 => $"UPDATE stock SET shelf = IF(shelf IS NULL, CONCAT('T', {fresh}), NULL), quantity = quantity - 1 WHERE {stock}",
            15 => $"UPDATE stock SET sku = CONCAT('m-', {fresh}), quantity = quantity + 1 WHERE {stock}",
            16 => $"REPLACE INTO price VALUES ('sku-{n}', 'EUR', '2025-01-01', {n}.5)",
            17 => $"INSERT INTO audit VALUES (NOW(6), 'user{n % 9}', 'login', {n} / 3, JSON_OBJECT('a', {n % 4})), ('2024-03-01', 'user1', NULL, 0.1, NULL)",
            18 => "DELETE FROM audit WHERE who = 'user1' LIMIT 1",
            19 => $"UPDATE audit SET what = 'seen ü', cost = cost + 1 WHERE who = 'user{n % 9}' LIMIT 2",
            20 => $"INSERT INTO setting VALUES ('k{fresh}', NULL, NULL) ON DUPLICATE KEY UPDATE changed = NOW()",
            _ => $"UPDATE review SET stars = stars + 1, spent = '-12:34:56.78', body = CONCAT(COALESCE(body, ''), ' more') WHERE id = {n}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{sql} /* {_database} */");
    }
}
