using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication;

/// <summary>Reads positions of the source such that every transaction at or before them is visible to later reads (invariant I2).</summary>
public sealed class SourcePositionReader
{
    private const int LockWaitTimeout = 1205;

    /// <summary>Seconds. While it waits, FLUSH TABLES WITH READ LOCK holds up every writer behind it: give up soon, let them pass, try again.</summary>
    private const int LockSeconds = 2;

    private const int LockAttempts = 10;

    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromSeconds(2);

    private readonly ServerFacts _facts;
    private readonly TimeProvider _time;

    /// <summary>Creates the reader.</summary>
    /// <param name="facts">What the source is.</param>
    /// <param name="time">Clock for the pauses between attempts to lock; the system's when null.</param>
    public SourcePositionReader(ServerFacts facts, TimeProvider? time = null)
    {
        _facts = facts;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>
    /// The position now. With GTID: gtid_executed, which the server extends after the engine's commit. Without: the coordinate under FLUSH TABLES WITH READ
    /// LOCK held for an instant, tried again with a short lock_wait_timeout when it cannot be had.
    /// </summary>
    /// <remarks>When it fails while the lock may be held it closes the session, which releases the lock.</remarks>
    /// <exception cref="DtsMigrateException">
    /// Code <c>SourceLockUnavailable</c> (transient): long queries kept the lock away. Code <c>SourceBinlogOff</c>: the source writes no binary log.
    /// Code <c>UnorderedCommits</c>: binlog_order_commits is OFF.
    /// </exception>
    public Task<SourcePosition> ReadAsync(MySqlSession session, CancellationToken cancellationToken) => ReadAsync(session, static () => Task.CompletedTask, cancellationToken);

    /// <summary>As the other overload.</summary>
    /// <param name="session">Session.</param>
    /// <param name="whileLocked">Called, where there is a lock, while it is held.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<SourcePosition> ReadAsync(MySqlSession session, Func<Task> whileLocked, CancellationToken cancellationToken)
    {
        if (_facts.HasGtid)
        {
            await RequireOrderedCommitsAsync(session, cancellationToken).ConfigureAwait(false);
            return await ReadWithoutLockAsync(session, cancellationToken).ConfigureAwait(false);
        }

        await LockAsync(session, cancellationToken).ConfigureAwait(false);
        try
        {
            await whileLocked().ConfigureAwait(false);
            var position = await ReadWithoutLockAsync(session, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("UNLOCK TABLES", cancellationToken).ConfigureAwait(false);
            return position;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The position now. It holds every transaction that an earlier read has seen (with GTID but for an instant: see the barrier that the stream sets). That
    /// everything in it is visible is sure only for tables that the caller holds locked: a table's metadata lock outlives the commits on it.
    /// </summary>
    internal async Task<SourcePosition> ReadWithoutLockAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        if (_facts.HasGtid)
        {
            var executed = await session.QueryRowsAsync("SELECT @@GLOBAL.gtid_executed", cancellationToken).ConfigureAwait(false);
            return SourcePosition.Of(GtidSet.Parse(executed[0].GetString(0)));
        }

        // The old statement is a syntax error since 8.4, the new one is unknown before 8.2 (reference manual, "SHOW BINARY LOG STATUS").
        string sql = _facts.Version.IsAtLeast(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        var rows = await session.QueryRowsAsync(sql, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0
            ? throw new DtsMigrateException("SourceBinlogOff", "The source writes no binary log, so its changes cannot be followed.")
            {
                Target = "log_bin",
                RecommendedAction = "Start the source with log_bin, or leave incremental migration out of the task.",
            }
            : SourcePosition.Of(new BinlogCoordinate(rows[0].GetString(0), rows[0].GetUInt64(1)));
    }

    // Out of order, gtid_executed may hold a transaction and not yet an earlier one on the same row: no point in the log, and no watermark.
    private static async Task RequireOrderedCommitsAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync("SELECT @@GLOBAL.binlog_order_commits", cancellationToken).ConfigureAwait(false);
        if (rows[0].GetString(0) != "1")
        {
            throw new DtsMigrateException("UnorderedCommits", "The source has binlog_order_commits=OFF: its gtid_executed is not a point in its binary log, so that the copy has nothing to be followed from.")
            {
                Target = "binlog_order_commits",
                RecommendedAction = "SET GLOBAL binlog_order_commits = ON on the source, at least until all tables are copied.",
            };
        }
    }

    private async Task LockAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await session.ExecuteAsync($"SET SESSION lock_wait_timeout={LockSeconds}", cancellationToken).ConfigureAwait(false);
                await session.ExecuteAsync("FLUSH TABLES WITH READ LOCK", cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (MySqlServerException e) when (e.Errno == LockWaitTimeout && attempt < LockAttempts)
            {
                await Task.Delay(PauseBetweenAttempts, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException e) when (e.Errno == LockWaitTimeout)
            {
                throw new DtsMigrateException("SourceLockUnavailable", $"FLUSH TABLES WITH READ LOCK could not be had on the source in {LockAttempts} attempts of {LockSeconds} s.", e)
                {
                    IsTransient = true,
                    RecommendedAction = "End the long-running queries and transactions on the source, or turn GTIDs on: with them no lock is needed.",
                };
            }
            catch
            {
                // Cancelled or cut off: the lock may have been granted all the same.
                await session.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
