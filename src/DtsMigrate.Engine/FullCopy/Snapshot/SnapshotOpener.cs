using System.Text;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Snapshot;

/// <summary>
/// Opens snapshots on many sessions at one point in time. By the first of these ways that the source's account is allowed: all writers held for an instant (FLUSH TABLES WITH READ LOCK); the
/// writers of the selected tables held (LOCK TABLES); nobody held, tried until nothing was committed in between (performance_schema.log_status before and after).
/// </summary>
internal sealed class SnapshotOpener
{
    private const int LockSeconds = 3;
    private const int Attempts = 50;

    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly IReadOnlyList<TableRoute> _routes;

    /// <summary>Creates an opener.</summary>
    /// <param name="context">The run.</param>
    /// <param name="positions">Reads the position.</param>
    /// <param name="routes">Tables to be read.</param>
    public SnapshotOpener(RunContext context, SourcePositionReader positions, IReadOnlyList<TableRoute> routes)
    {
        _context = context;
        _positions = positions;
        _routes = routes;
    }

    /// <summary>Opens a snapshot.</summary>
    /// <param name="count">Number of sessions.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">
    /// Code <c>SnapshotUnavailable</c> (transient): locks could not be had in time, or there was always a commit in between. Without the privileges for any way, or those of <see cref="StorageIds"/>, it is not transient.
    /// </exception>
    public async Task<SourceSnapshot> OpenAsync(int count, CancellationToken cancellationToken)
    {
        var sessions = new List<MySqlSession>();
        try
        {
            for (int i = 0; i < count; i++)
            {
                var session = await _context.Source.OpenAsync(SessionPurpose.ReadRows, cancellationToken).ConfigureAwait(false);
                sessions.Add(session);
                await session.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", cancellationToken).ConfigureAwait(false);
            }

            var keeper = await _context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
            await using (keeper.ConfigureAwait(false))
            {
                var ids = await StorageIds.OpenAsync(_context, keeper, _routes, cancellationToken).ConfigureAwait(false);
                var position = await OpenAsync(sessions, keeper, cancellationToken).ConfigureAwait(false);
                return new SourceSnapshot(sessions, position, ids);
            }
        }
        catch
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task<SourcePosition?> OpenAsync(List<MySqlSession> sessions, MySqlSession keeper, CancellationToken cancellationToken)
    {
        await keeper.ExecuteAsync($"SET SESSION lock_wait_timeout={LockSeconds}", cancellationToken).ConfigureAwait(false);
        try
        {
            await keeper.ExecuteAsync("FLUSH TABLES WITH READ LOCK", cancellationToken).ConfigureAwait(false);
            return await BeginAsync("all writers of the source held", sessions, keeper, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (FaultClassifier.IsDenied(e))
        {
            Log("FLUSH TABLES WITH READ LOCK", e);
        }
        catch (MySqlServerException e) when (e.Errno == 1205)
        {
            throw Unavailable("FLUSH TABLES WITH READ LOCK waited for a long statement or transaction", e);
        }

        try
        {
            await keeper.ExecuteAsync($"LOCK TABLES {string.Join(',', _routes.Select(r => r.Source.ToSql() + " READ"))}", cancellationToken).ConfigureAwait(false);
            return await BeginAsync("the writers of the selected tables held", sessions, keeper, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (FaultClassifier.IsDenied(e))
        {
            Log("LOCK TABLES", e);
        }
        catch (MySqlServerException e) when (e.Errno == 1205)
        {
            throw Unavailable("LOCK TABLES waited for a long statement or transaction", e);
        }

        return await BeginUnlockedAsync(sessions, keeper, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With writers held by the keeper: opens all and lets the writers go.</summary>
    private async Task<SourcePosition?> BeginAsync(string how, List<MySqlSession> sessions, MySqlSession keeper, CancellationToken cancellationToken)
    {
        await BeginAllAsync(sessions, cancellationToken).ConfigureAwait(false);
        var position = await ReadPositionAsync(keeper, cancellationToken).ConfigureAwait(false);
        await keeper.ExecuteAsync("UNLOCK TABLES", cancellationToken).ConfigureAwait(false);
        Report(how, position);
        return position;
    }

    private async Task<SourcePosition?> BeginUnlockedAsync(List<MySqlSession> sessions, MySqlSession keeper, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            string before = await ReadLogStatusAsync(keeper, cancellationToken).ConfigureAwait(false);
            await BeginAllAsync(sessions, cancellationToken).ConfigureAwait(false);
            var position = await ReadPositionAsync(keeper, cancellationToken).ConfigureAwait(false);
            if (await ReadLogStatusAsync(keeper, cancellationToken).ConfigureAwait(false) == before)
            {
                Report("no commit in between", position);
                return position;
            }

            foreach (var session in sessions)
            {
                await session.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
            }

            if (attempt == Attempts)
            {
                throw Unavailable($"in {Attempts} attempts there was always a commit while the snapshots were opened", null);
            }

            await Task.Delay(PauseBetweenAttempts, _context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Reading it waits until everything in the binary log is committed in the engine, too (reference manual, "The log_status Table"): two equal answers have no commit between them.
    private static async Task<string> ReadLogStatusAsync(MySqlSession keeper, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await keeper.QueryRowsAsync(
                "SELECT LOCAL->>'$.gtid_executed', LOCAL->>'$.binary_log_file', LOCAL->>'$.binary_log_position', STORAGE_ENGINES->>'$.InnoDB.LSN' FROM performance_schema.log_status",
                cancellationToken).ConfigureAwait(false);

            // Without a binary log only the engine's log tells, which grows by more than commits.
            return rows[0].GetStringOrNull(1) is { } file ? $"{rows[0].GetStringOrNull(0)} {file} {rows[0].GetStringOrNull(2)}" : rows[0].GetString(3);
        }
        catch (MySqlServerException e) when (FaultClassifier.IsDenied(e) || e.Errno == 1146)
        {
            // Without the cause, which alone would be waited for: it is one of three ways that are closed.
            throw new DtsMigrateException("SnapshotUnavailable", $"The source's account may not hold writers for an instant, so that the tables cannot be read as of one point in time: {e.ServerMessage}")
            {
                Target = "source",
                RecommendedAction = "Grant it RELOAD (or FLUSH_TABLES), or LOCK TABLES on the databases, or BACKUP_ADMIN; or include Incremental in migrationTypes, which needs no snapshot.",
            };
        }
    }

    private static async Task BeginAllAsync(List<MySqlSession> sessions, CancellationToken cancellationToken)
    {
        foreach (var session in sessions)
        {
            await session.ExecuteBatchAsync(Encoding.ASCII.GetBytes(SourceSnapshot.Begin), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SourcePosition?> ReadPositionAsync(MySqlSession keeper, CancellationToken cancellationToken)
    {
        try
        {
            return await _positions.ReadWithoutLockAsync(keeper, cancellationToken).ConfigureAwait(false);
        }
        catch (DtsMigrateException e) when (e.Code == "SourceBinlogOff" || (e is MySqlServerException denied && FaultClassifier.IsDenied(denied)))
        {
            // It is for the report, and to tell on resume whether the source has changed. The snapshot is as good without it.
            return null;
        }
    }

    private static DtsMigrateException Unavailable(string why, Exception? inner) =>
        new("SnapshotUnavailable", $"A snapshot of the source could not be opened: {why}.", inner)
        {
            IsTransient = true,
            Target = "source",
            RecommendedAction = "End long statements and transactions on the source, or copy at a quieter hour.",
        };

    private void Log(string statement, MySqlServerException e) =>
        _context.Log.Write(LogLevel.Info, "FullCopy", $"{statement} is not allowed to the source's account ({e.ServerMessage}); trying another way to a common snapshot.");

    private void Report(string how, SourcePosition? position) =>
        _context.Log.Write(LogLevel.Info, "FullCopy", $"All tables are read as of one point in time ({how}){(position is null ? "; its position is not known" : $": {position}")}.");
}
