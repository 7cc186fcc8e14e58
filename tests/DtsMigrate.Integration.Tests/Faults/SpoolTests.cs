using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Integration.Tests.Replication;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>What is in the spool the source may purge; what is damaged in it is read from the source again; what is full gives way.</summary>
public sealed class SpoolTests(SpoolSources sources) : IClassFixture<SpoolSources>, IDisposable
{
    private const int BehindSixDigits = 999_999;
    private const byte Xid = 16;
    private const byte WriteRows = 30;
    private const byte AnonymousGtid = 34;
    private const string Tables = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(4000)); CREATE TABLE n (a INT, v VARCHAR(30));";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("dtsm-spool-").FullName;

    [Theory]
    [InlineData(true, "OFF")]
    [InlineData(true, "ON")]
    [InlineData(false, "OFF")]
    [InlineData(false, "ON")]
    public async Task A_purge_on_the_source_does_no_harm_to_what_is_spooled(bool gtid, string compression)
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await sources.StartAsync(gtid, limit.Token, compression);
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

        await bench.SourceAsync("SET GLOBAL binlog_expire_logs_seconds=1", limit.Token);
        await PurgeAsync(bench, limit.Token, _folder);
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
    [InlineData(true, "tail")]
    [InlineData(true, "garbage")]
    [InlineData(true, "middle")]
    [InlineData(true, "head")]
    [InlineData(true, "missing")]
    [InlineData(false, "tail")]
    [InlineData(false, "middle")]
    [InlineData(false, "head")]
    [InlineData(false, "missing")]
    [InlineData(false, "transaction")]
    public async Task A_damaged_spool_is_read_from_the_source_again(bool gtid, string damage)
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await sources.StartAsync(gtid, limit.Token);
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
                await File.WriteAllBytesAsync(file, Without(bytes, WriteRows, WriteRows), limit.Token);
                break;
            case "transaction":
                await File.WriteAllBytesAsync(file, Without(bytes, AnonymousGtid, Xid), limit.Token);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_full_spool_stays_within_its_bound_and_the_stream_goes_on_from_the_source(bool gtid)
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await sources.StartAsync(gtid, limit.Token);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_is_cut_off_in_a_transaction_doubles_nothing(bool gtid)
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await sources.StartAsync(gtid, limit.Token);
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

    [Fact]
    public async Task Files_by_number_are_followed_beyond_six_digits_and_over_a_killed_source()
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await sources.StartAsync(gtid: false, limit.Token);
        await source.RunSqlAsync($"RESET BINARY LOGS AND GTIDS TO {BehindSixDigits}", limit.Token);
        await using var bench = await PrepareAsync(source, 64, limit.Token);
        await bench.StartAsync(limit.Token);
        await WriteAsync(bench, 1, limit.Token);
        await bench.DrainAsync(limit.Token);
        await using (var held = await LockAsync(bench, limit.Token))
        {
            await WriteAsync(bench, 2, limit.Token);
            await SpooledAsync(limit.Token);

            // Without the ROTATE that ends a file; the next one begins where its number has a digit more.
            await source.KillAsync(limit.Token);
            await source.StartAgainAsync(limit.Token);
            await bench.ReconnectAsync();
            await WriteAsync(bench, 3, limit.Token);
            await bench.SourceAsync("FLUSH BINARY LOGS", limit.Token);
            await PurgeAsync(bench, limit.Token, _folder);
            await bench.StopAsync();
        }

        await bench.StartAsync(limit.Token);
        await WriteAsync(bench, 4, limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        string applied = await bench.DestinationValueAsync($"SELECT current_position FROM dts_migrate.applied WHERE task='{bench.Database}'", limit.Token);
        Assert.Contains($".{BehindSixDigits + 2}:", applied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_is_killed_while_it_spools_files_goes_on_from_its_spool()
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await sources.StartAsync(gtid: false, limit.Token);
        using Journey journey = await Journey.CreateAsync(source, await SharedServers.DestinationAsync(limit.Token), "spooled");
        await Journey.ExecuteAsync(
            journey.SourceRoot, $"CREATE DATABASE {journey.Database}", $"CREATE TABLE {journey.Database}.t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(4000))");
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { BinlogSpoolMegabytes = 64 } });
        string insert = $"INSERT INTO {journey.Database}.t (v) VALUES (REPEAT('k',3000)),('x')";
        string spool = Path.Combine(journey.Home, journey.Database, "spool");
        for (int run = 0; run < 3; run++)
        {
            using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
            await WaitFor.ConditionAsync(() => worker.HasExited || worker.OutputSoFar.Contains("\"Replicating\"", StringComparison.Ordinal), Limit, "the stream", limit.Token);
            Assert.False(worker.HasExited, worker.ErrorSoFar);
            await using MySqlSession held = await MySqlSession.ConnectAsync(journey.DestinationRoot, TimeProvider.System, limit.Token);
            await held.ExecuteAsync($"LOCK TABLES {journey.Database}.t WRITE", limit.Token);
            if (run == 1)
            {
                // Killed while it writes: how far the spool goes, and whether its last event is whole, is chance.
                Task writes = Journey.ExecuteAsync(journey.SourceRoot, [.. Enumerable.Repeat(insert, 100)]);
                await worker.KillAsync();
                await writes;
                continue;
            }

            await Journey.ExecuteAsync(journey.SourceRoot, [.. Enumerable.Repeat(insert, 20), "FLUSH BINARY LOGS", insert]);
            string last = (await source.RunSqlAsync("SHOW BINARY LOG STATUS", limit.Token)).Split('\t')[0];
            await ReachesAsync(spool, last, limit.Token);
            await worker.KillAsync();
            await source.RunSqlAsync($"PURGE BINARY LOGS TO '{last}'", limit.Token);
        }

        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, error);
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, limit.Token));
    }

    [Fact]
    public async Task What_neither_spool_nor_source_holds_stops_the_task()
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await sources.StartAsync(gtid: false, limit.Token);
        await using var bench = await PrepareAsync(source, 64, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();
        await WriteAsync(bench, 1, limit.Token);
        await bench.SourceAsync("FLUSH BINARY LOGS", limit.Token);
        await PurgeAsync(bench, limit.Token);

        await bench.StartAsync(limit.Token);
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("BinlogPurged", error.Code);
    }

    // The head: 19 bytes of magic, the length of a text, the text, 32 bytes of digest. Type and length of an event are its bytes 4 and 9 to 12.
    private static byte[] Without(byte[] bytes, byte from, byte to)
    {
        int at = 19 + 4 + BitConverter.ToInt32(bytes, 19) + 32;
        int seen = 0;
        while (bytes[at + 4] != from || ++seen < 5)
        {
            at += BitConverter.ToInt32(bytes, at + 9);
        }

        int end = at;
        while (bytes[end + 4] != to)
        {
            end += BitConverter.ToInt32(bytes, end + 9);
        }

        return [.. bytes[..at], .. bytes[(end + BitConverter.ToInt32(bytes, end + 9))..]];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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

    // Purges all files but the last, once the spool has come to it.
    private static async Task PurgeAsync(ReplicationBench bench, CancellationToken cancellationToken, string? spool = null)
    {
        string last = (await bench.Source.RunSqlAsync("SHOW BINARY LOG STATUS", cancellationToken)).Split('\t')[0];
        if (spool is not null)
        {
            await ReachesAsync(spool, last, cancellationToken);
        }

        await bench.SourceAsync($"PURGE BINARY LOGS TO '{last}'", cancellationToken);
        Assert.Single((await bench.Source.RunSqlAsync("SHOW BINARY LOGS", cancellationToken)).Trim().Split('\n'));
    }

    // The ROTATE to a file names it, and comes behind everything that is in the files before.
    private static Task ReachesAsync(string spool, string file, CancellationToken cancellationToken)
    {
        byte[] name = System.Text.Encoding.ASCII.GetBytes(file);
        return WaitFor.ConditionAsync(
            async token =>
            {
                foreach (string path in SegmentsIn(spool))
                {
                    using var bytes = new MemoryStream();
                    await using var segment = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    await segment.CopyToAsync(bytes, token);
                    if (bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(name) >= 0)
                    {
                        return true;
                    }
                }

                return false;
            },
            TimeSpan.FromSeconds(60),
            $"{file} in the spool",
            cancellationToken);
    }

    private string[] Segments() => SegmentsIn(_folder);

    private static string[] SegmentsIn(string folder) => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.spool", SearchOption.AllDirectories).Order()] : [];

    private long Bytes() => Segments().Sum(static f => new FileInfo(f) is { Exists: true } file ? file.Length : 0);
}
