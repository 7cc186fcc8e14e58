using System.Globalization;
using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication;

/// <summary>The questions that incremental data migration asks the source over a metadata session.</summary>
internal sealed class SourceProbe(MySqlSession session, ServerFacts facts, int settleSeconds = SourceProbe.DefaultSettleSeconds)
{
    /// <summary>See <see cref="ApplyTuning.SettleSeconds"/>.</summary>
    public const int DefaultSettleSeconds = 30;

    /// <summary>Clock and position.</summary>
    public async Task<SourceStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        if (!facts.HasGtid)
        {
            var end = await ReadEndAsync(cancellationToken).ConfigureAwait(false);
            var clock = await session.QueryRowsAsync("SELECT CAST(UNIX_TIMESTAMP(NOW(6))*1000000 AS SIGNED)", cancellationToken).ConfigureAwait(false);
            return new SourceStatus(SourcePosition.Of(end), clock[0].GetInt64(0));
        }

        var rows = await session.QueryRowsAsync("SELECT CAST(UNIX_TIMESTAMP(NOW(6))*1000000 AS SIGNED), @@GLOBAL.gtid_executed", cancellationToken).ConfigureAwait(false);
        return new SourceStatus(SourcePosition.Of(GtidSet.Parse(rows[0].GetString(1))), rows[0].GetInt64(0));
    }

    /// <summary>End of the binary log: every transaction that is visible now is before it.</summary>
    public async Task<BinlogCoordinate> ReadEndAsync(CancellationToken cancellationToken)
    {
        string statement = session.ServerVersion.IsAtLeast(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        var rows = await session.QueryRowsAsync(statement, cancellationToken).ConfigureAwait(false);
        return rows.Count == 1
            ? new BinlogCoordinate(rows[0].GetString(0), rows[0].GetUInt64(1))
            : throw ReplicationErrors.SourceRestored("its binary log is off");
    }

    /// <summary>Collation names by id.</summary>
    public async Task<IReadOnlyDictionary<int, string>> ReadCollationsAsync(CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync("SELECT ID, COLLATION_NAME FROM information_schema.COLLATIONS WHERE ID IS NOT NULL", cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(r => (int)r.GetInt64(0), r => r.GetString(1));
    }

    /// <summary>Checks that the source can go on from a position: it is the history that was read before, and what follows is still there.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code BinlogPurged or SourceRestored.</exception>
    public async Task CheckAsync(SourcePosition position, CancellationToken cancellationToken)
    {
        if (position.Gtids is { } gtids)
        {
            await CheckGtidsAsync(gtids, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await CheckFileAsync(position.Coordinate!.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CheckGtidsAsync(GtidSet gtids, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync("SELECT @@GLOBAL.gtid_mode, @@GLOBAL.gtid_purged, @@GLOBAL.gtid_executed", cancellationToken).ConfigureAwait(false);
        if (!rows[0].GetString(0).Equals("ON", StringComparison.OrdinalIgnoreCase))
        {
            throw ReplicationErrors.SourceRestored($"gtid_mode is {rows[0].GetString(0)}");
        }

        var missing = GtidSet.Parse(rows[0].GetString(1)).Minus(gtids);
        if (!missing.IsEmpty)
        {
            throw ReplicationErrors.BinlogPurged(gtids.ToString(), $"gtid_purged holds {missing}, which is not applied yet");
        }

        if (!GtidSet.Parse(rows[0].GetString(2)).Contains(gtids))
        {
            await RequireExecutedAsync(gtids, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Checks that the source has executed a set, whether or not its binary log still has it.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code SourceRestored.</exception>
    public async Task RequireExecutedAsync(GtidSet gtids, CancellationToken cancellationToken)
    {
        // What was read from the stream may still be on its way into gtid_executed, which follows the engine's commit.
        var waited = await session.QueryRowsAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT WAIT_FOR_EXECUTED_GTID_SET({SqlText.Literal(gtids.ToString())},{settleSeconds}), @@GLOBAL.gtid_executed"),
            cancellationToken).ConfigureAwait(false);
        if (waited[0].GetInt64(0) != 0)
        {
            throw ReplicationErrors.SourceRestored($"it has not executed {gtids.Minus(GtidSet.Parse(waited[0].GetString(1)))}, which this task has applied");
        }
    }

    private async Task CheckFileAsync(BinlogCoordinate position, CancellationToken cancellationToken)
    {
        var uuid = await session.QueryRowsAsync("SELECT @@GLOBAL.server_uuid", cancellationToken).ConfigureAwait(false);
        if (uuid[0].GetString(0) != facts.ServerUuid)
        {
            throw ReplicationErrors.SourceRestored($"its server_uuid is {uuid[0].GetString(0)}, not {facts.ServerUuid}; without GTID a position is good for one server only");
        }

        var logs = await session.QueryRowsAsync("SHOW BINARY LOGS", cancellationToken).ConfigureAwait(false);
        if (logs.FirstOrDefault(r => r.GetString(0) == position.File) is not { Count: > 1 } log)
        {
            throw ReplicationErrors.BinlogPurged(position.ToString(), $"{position.File} is not among its binary logs");
        }

        // A file that is no longer written may have lost its end with its server: what was read of that was never made durable.
        var end = await ReadEndAsync(cancellationToken).ConfigureAwait(false);
        if (position.File != end.File && position.Offset > log.GetUInt64(1))
        {
            throw ReplicationErrors.SourceRestored($"its {position.File} ends at {log.GetUInt64(1)}, before {position}");
        }

        if (position > end)
        {
            throw ReplicationErrors.SourceRestored($"its binary log ends at {end}, before {position}");
        }
    }
}
