using System.Diagnostics;
using System.Globalization;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>MySQL's own replica: the relay log is there before the clock starts, and commits keep the source's order.</summary>
internal static class ReplicaRun
{
    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(30);

    /// <summary>Runs.</summary>
    /// <returns>Seconds.</returns>
    /// <exception cref="InvalidOperationException">The replica stopped with an error.</exception>
    public static async Task<double> RunAsync(MySqlServer source, MySqlServer destination, string gtids, int workers, CancellationToken cancellationToken)
    {
        await destination.RunSqlAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SET GLOBAL replica_preserve_commit_order=ON; SET GLOBAL replica_parallel_workers={workers}; CHANGE REPLICATION SOURCE TO SOURCE_HOST='{source.Host}', SOURCE_PORT={source.Port}, SOURCE_USER='{source.User}', SOURCE_AUTO_POSITION=1, SOURCE_SSL=0, GET_SOURCE_PUBLIC_KEY=1; START REPLICA IO_THREAD;"),
            cancellationToken);
        try
        {
            await WaitFor.ConditionAsync(
                async token => (await destination.RunSqlAsync($"SELECT GTID_SUBSET('{gtids}', RECEIVED_TRANSACTION_SET) FROM performance_schema.replication_connection_status;", token)).Trim() == "1",
                FetchLimit,
                "the replica to fetch the log",
                cancellationToken);
            long began = Stopwatch.GetTimestamp();
            string result = await destination.RunSqlAsync($"START REPLICA SQL_THREAD; SELECT WAIT_FOR_EXECUTED_GTID_SET('{gtids}', 3600);", cancellationToken);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return result.Trim() == "0" ? seconds : throw new InvalidOperationException($"the replica did not finish: {await destination.RunSqlAsync("SHOW REPLICA STATUS\\G", cancellationToken)}");
        }
        finally
        {
            await destination.RunSqlAsync("STOP REPLICA; RESET REPLICA ALL;", CancellationToken.None);
        }
    }
}
