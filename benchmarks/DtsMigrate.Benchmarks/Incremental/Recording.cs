using System.Text;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>A workload that was run on the source: its binary log holds that and nothing else.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="End">Everything that the source has executed.</param>
/// <param name="Bytes">Bytes of binary log.</param>
/// <param name="Checksums">What the tables hold at the end.</param>
internal sealed record Recording(Workload Workload, SourcePosition End, long Bytes, string Checksums)
{
    /// <summary>Runs it.</summary>
    public static async Task<Recording> MakeAsync(MySqlServer source, Workload workload, CancellationToken cancellationToken)
    {
        // While it is recorded the source need not be durable: what is timed is applying.
        await source.RunSqlAsync("SET GLOBAL sync_binlog=0; SET GLOBAL innodb_flush_log_at_trx_commit=0;", cancellationToken);
        await PrepareAsync(source, workload, cancellationToken);
        await source.RunSqlAsync("RESET BINARY LOGS AND GTIDS;", cancellationToken);
        await Task.WhenAll(workload.Streams.Select(packets => RunAsync(source, packets, cancellationToken)));
        await using var session = await OpenAsync(source, cancellationToken);
        var executed = (await session.QueryRowsAsync("SELECT @@GLOBAL.gtid_executed", cancellationToken))[0].GetString(0);
        long bytes = (await session.QueryRowsAsync("SHOW BINARY LOGS", cancellationToken)).Sum(log => log.GetInt64(1));
        return new Recording(workload, SourcePosition.Of(GtidSet.Parse(executed)), bytes, await ChecksumsAsync(source, cancellationToken));
    }

    /// <summary>Gives a server the starting data, and nothing else.</summary>
    public static async Task PrepareAsync(MySqlServer server, Workload workload, CancellationToken cancellationToken)
    {
        await using var session = await MySqlSession.ConnectAsync(Options(server, null), TimeProvider.System, cancellationToken);
        await session.ExecuteBatchAsync(
            Encoding.UTF8.GetBytes(
                $"SET sql_log_bin=0; DROP DATABASE IF EXISTS {Workload.Database}; DROP DATABASE IF EXISTS dts_migrate; CREATE DATABASE {Workload.Database}; USE {Workload.Database};"
                + workload.Tables + "RESET BINARY LOGS AND GTIDS"),
            cancellationToken);
    }

    /// <summary>What the tables hold.</summary>
    public static async Task<string> ChecksumsAsync(MySqlServer server, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(server, cancellationToken);
        var tables = await session.QueryRowsAsync("SHOW TABLES", cancellationToken);
        var sums = await session.QueryRowsAsync($"CHECKSUM TABLE {string.Join(',', tables.Select(t => SqlText.Name(t.GetString(0))))}", cancellationToken);
        return string.Join(' ', sums.Select(s => $"{s.GetString(0)}={s.GetString(1)}"));
    }

    /// <summary>A session in the database of the workloads.</summary>
    public static Task<MySqlSession> OpenAsync(MySqlServer server, CancellationToken cancellationToken) =>
        MySqlSession.ConnectAsync(Options(server, Workload.Database), TimeProvider.System, cancellationToken);

    private static MySqlSessionOptions Options(MySqlServer server, string? database) =>
        new() { Host = server.Host, Port = server.Port, User = server.User, Database = database, Tls = TlsMode.Disabled };

    private static async Task RunAsync(MySqlServer source, IEnumerable<string> packets, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(source, cancellationToken);
        foreach (string packet in packets)
        {
            await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(packet), cancellationToken);
        }
    }
}
