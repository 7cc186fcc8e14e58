using DtsMigrate.Integration.Tests.Replication;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>What is in the spool the source may purge; what is damaged in it is read from the source again; what is full gives way.</summary>
public sealed class SpoolTests : IDisposable
{
    private const string Tables = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(4000)); CREATE TABLE n (a INT, v VARCHAR(30));";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("dtsm-spool-").FullName;

    [Theory]
    [InlineData("OFF")]
    [InlineData("ON")]
    public async Task A_purge_on_the_source_does_no_harm_to_what_is_spooled(string compression)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync(compression, limit.Token);
        await using var bench = await PrepareAsync(source, 64, limit.Token);
        await bench.StartAsync(limit.Token);
        await WriteAsync(bench, 1, limit.Token);
        await bench.DrainAsync(limit.Token);

        // The applier stands still while the source goes on, and purges.
        await using var lockSession = await LockAsync(bench, limit.Token);
        for (int round = 2; round < 5; round++)
        {
            await WriteAsync(bench, round, limit.Token);
            await bench.SourceAsync("FLUSH BINARY LOGS", limit.Token);
        }

        await SpooledAsync(limit.Token);
        await bench.SourceAsync("SET GLOBAL binlog_expire_logs_seconds=1", limit.Token);
        await PurgeAsync(bench, limit.Token);
        await bench.StopAsync();
        await lockSession.DisposeAsync();

        // In a new run as well.
        await bench.StartAsync(limit.Token);
        await WriteAsync(bench, 6, limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        await WaitFor.ConditionAsync(() => Segments().Length <= 2, TimeSpan.FromSeconds(60), "applied segments to go", limit.Token);
    }

    [Theory]
    [InlineData("tail")]
    [InlineData("garbage")]
    [InlineData("middle")]
    [InlineData("head")]
    [InlineData("missing")]
    public async Task A_damaged_spool_is_read_from_the_source_again(string damage)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync("OFF", limit.Token);
        await using var bench = await PrepareAsync(source, 64, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await using (var held = await LockAsync(bench, limit.Token))
        {
            for (int round = 0; round < 3; round++)
            {
                await WriteAsync(bench, round, limit.Token);
            }

            await SpooledAsync(limit.Token);
            await bench.StopAsync();
        }

        string file = Segments()[^1];
        byte[] bytes = await File.ReadAllBytesAsync(file, limit.Token);
        switch (damage)
        {
            case "tail":
                await File.WriteAllBytesAsync(file, bytes[..^37], limit.Token);
                break;
            case "garbage":
                await File.WriteAllBytesAsync(file, [.. bytes, .. new byte[] { 1, 2, 3, 4, 33, 1, 0, 0, 0, 200, 0, 0, 0, 9, 9, 9, 9, 0, 0, 7 }], limit.Token);
                break;
            case "middle":
                bytes[bytes.Length / 2] ^= 0x40;
                await File.WriteAllBytesAsync(file, bytes, limit.Token);
                break;
            case "missing":
                await File.WriteAllBytesAsync(file, WithoutARowsEvent(bytes), limit.Token);
                break;
            default:
                bytes[5] ^= 1;
                await File.WriteAllBytesAsync(file, bytes, limit.Token);
                break;
        }

        await bench.StartAsync(limit.Token);
        await WriteAsync(bench, 9, limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_full_spool_stays_within_its_bound_and_the_stream_goes_on_from_the_source()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync("OFF", limit.Token);
        await using var bench = await PrepareAsync(source, 1, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await using (var held = await LockAsync(bench, limit.Token))
        {
            for (int round = 0; round < 12; round++)
            {
                await bench.SourceAsync("SET cte_max_recursion_depth=10000; INSERT INTO t (v) WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<100) SELECT REPEAT('f',3000) FROM s", limit.Token);
            }

            await WaitFor.ConditionAsync(() => Bytes() > 1 << 20, TimeSpan.FromSeconds(60), "a full spool", limit.Token);
            Assert.InRange(Bytes(), 1 << 20, 3 << 20);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.InRange(Bytes(), 0, 3 << 20);
        await WriteAsync(bench, 1, limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_source_that_is_cut_off_in_a_transaction_doubles_nothing()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync("OFF", limit.Token);
        await using var proxy = FaultProxy.Start(source);
        await using var bench = await PrepareAsync(source, 64, limit.Token, proxy);
        await bench.StartAsync(limit.Token);
        for (int round = 0; round < 8; round++)
        {
            _ = proxy.ResetAfterBytes(ProxyDirection.ToClient, 3_000 + (round * 9_000));
            await WriteAsync(bench, round, limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.True(proxy.ConnectionsReset > 0);
    }

    // The head: 19 bytes of magic, the length of a text, the text, 32 bytes of digest. Type and length of an event are its bytes 4 and 9 to 12.
    private static byte[] WithoutARowsEvent(byte[] bytes)
    {
        const int WriteRows = 30;
        int at = 19 + 4 + BitConverter.ToInt32(bytes, 19) + 32;
        int rows = 0;
        while (bytes[at + 4] != WriteRows || ++rows < 5)
        {
            at += BitConverter.ToInt32(bytes, at + 9);
        }

        return [.. bytes[..at], .. bytes[(at + BitConverter.ToInt32(bytes, at + 9))..]];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<MySqlServer> StartAsync(string compression, CancellationToken cancellationToken) => MySqlServer.StartAsync(
        new MySqlServerOptions { Name = "spooled", Settings = new Dictionary<string, string?> { ["binlog-transaction-compression"] = compression } }, cancellationToken);

    private static async Task WriteAsync(ReplicationBench bench, int round, CancellationToken cancellationToken)
    {
        for (int i = 0; i < 10; i++)
        {
            await bench.SourceAsync(
                $"BEGIN; INSERT INTO t (v) VALUES (REPEAT('{(char)('a' + round)}',3000)),('x'),(REPEAT('y',{i * 100})); INSERT INTO n VALUES ({i},'r{round}'),({i},'r{round}'); DELETE FROM n WHERE a={i - 1} LIMIT 1; COMMIT;"
                + $"UPDATE t SET v=CONCAT('u',{i}) WHERE id%7={i % 7} LIMIT 5;",
                cancellationToken);
        }
    }

    private async Task<ReplicationBench> PrepareAsync(MySqlServer source, int megabytes, CancellationToken cancellationToken, FaultProxy? proxy = null)
    {
        var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(cancellationToken), proxy) { SpoolFolder = _folder };
        bench.Options = bench.Options with { BinlogSpoolMegabytes = megabytes };
        await bench.PrepareAsync(Tables, null, cancellationToken);
        return bench;
    }

    // Keeps the applier out of its tables until it is disposed.
    private static async Task<MySqlSession> LockAsync(ReplicationBench bench, CancellationToken cancellationToken)
    {
        MySqlSession session = await MySqlSession.ConnectAsync(new MySqlSessionOptions { Host = bench.Destination.Host, Port = bench.Destination.Port, User = bench.Destination.User }, TimeProvider.System, cancellationToken);
        await session.ExecuteAsync($"LOCK TABLES {bench.Database}.t WRITE, {bench.Database}.n WRITE", cancellationToken);
        return session;
    }

    // The spool holds what the source has executed: its bytes no longer grow, and are more than a heartbeat's.
    private async Task SpooledAsync(CancellationToken cancellationToken)
    {
        long last = -1;
        await WaitFor.ConditionAsync(
            async token =>
            {
                long before = last;
                last = Bytes();
                await Task.Delay(700, token);
                return last > 20_000 && before == last;
            },
            TimeSpan.FromSeconds(60),
            "the spool",
            cancellationToken);
    }

    private static async Task PurgeAsync(ReplicationBench bench, CancellationToken cancellationToken)
    {
        string last = (await bench.Source.RunSqlAsync("SHOW BINARY LOG STATUS", cancellationToken)).Split('\t')[0];
        await bench.SourceAsync($"PURGE BINARY LOGS TO '{last}'", cancellationToken);
        Assert.Single((await bench.Source.RunSqlAsync("SHOW BINARY LOGS", cancellationToken)).Trim().Split('\n'));
    }

    private string[] Segments() => [.. Directory.EnumerateFiles(_folder, "*.spool", SearchOption.AllDirectories).Order()];

    private long Bytes() => Segments().Sum(static f => new FileInfo(f) is { Exists: true } file ? file.Length : 0);
}
