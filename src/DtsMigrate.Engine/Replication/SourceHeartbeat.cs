using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// By option: writes a row each second to <c>dts_migrate.heartbeat</c> on the source, so that its binary log shows life. Taken away at the end of a run, with table and schema when nothing else
/// is in them. It never stops a task.
/// </summary>
internal sealed class SourceHeartbeat(RunContext context)
{
    private const string Phase = "Incremental";
    private const string CreateSql =
        "CREATE TABLE IF NOT EXISTS dts_migrate.heartbeat (task VARCHAR(64) NOT NULL PRIMARY KEY, at DATETIME(6) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CleanLimit = TimeSpan.FromSeconds(5);

    private readonly string _task = SqlText.Literal(context.Task.Name);
    private int _toldErrno;

    /// <summary>Writes until cancelled, then cleans up.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await BeatAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (DtsMigrateException e)
            {
                Tell(e);
                await Task.Delay(PauseAfterFault, context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await CleanAsync().ConfigureAwait(false);
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var session = await context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = session.ConfigureAwait(false);
        await session.ExecuteAsync("CREATE DATABASE IF NOT EXISTS dts_migrate CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(CreateSql, cancellationToken).ConfigureAwait(false);
        using var timer = new PeriodicTimer(Period, context.Time);
        do
        {
            await session.ExecuteAsync($"REPLACE INTO dts_migrate.heartbeat (task, at) VALUES ({_task}, UTC_TIMESTAMP(6))", cancellationToken).ConfigureAwait(false);
            _toldErrno = 0;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    // Once per cause: the stream's own sessions tell of lost connections.
    private void Tell(DtsMigrateException fault)
    {
        int errno = (fault as MySqlServerException)?.Errno ?? -1;
        if (errno != _toldErrno && FaultClassifier.Classify(fault) != FaultClass.RetryConnection)
        {
            context.Log.Write(LogLevel.Warning, Phase, $"The heartbeat cannot be written on the source: {fault.Message}");
        }

        _toldErrno = errno;
    }

    private async Task CleanAsync()
    {
        using var limit = new CancellationTokenSource(CleanLimit, context.Time);
        try
        {
            var session = await context.Source.OpenAsync(SessionPurpose.Metadata, limit.Token).ConfigureAwait(false);
            await using var scope = session.ConfigureAwait(false);
            await session.ExecuteAsync($"DELETE FROM dts_migrate.heartbeat WHERE task={_task}", limit.Token).ConfigureAwait(false);
            if (await CountAsync(session, "SELECT COUNT(*) FROM dts_migrate.heartbeat", limit.Token).ConfigureAwait(false) != 0)
            {
                return;
            }

            await session.ExecuteAsync("DROP TABLE IF EXISTS dts_migrate.heartbeat", limit.Token).ConfigureAwait(false);
            if (await CountAsync(session, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='dts_migrate'", limit.Token).ConfigureAwait(false) == 0)
            {
                await session.ExecuteAsync("DROP DATABASE IF EXISTS dts_migrate", limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DtsMigrateException or OperationCanceledException)
        {
            context.Log.Write(LogLevel.Info, Phase, $"The heartbeat's row is left on the source: {e.Message}");
        }
    }

    private static async Task<long> CountAsync(MySqlSession session, string sql, CancellationToken cancellationToken) =>
        (await session.QueryRowsAsync(sql, cancellationToken).ConfigureAwait(false))[0].GetInt64(0);
}
