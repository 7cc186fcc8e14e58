using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>
/// The destination's user lock (GET_LOCK) of one table of one task: only its holder builds indexes of the table. It belongs to the session that runs ALTER
/// TABLE, so it lasts exactly as long as that statement may still be running, even when its worker is dead: whoever comes next waits for it and then finds the
/// indexes there.
/// </summary>
/// <remarks>
/// The lease row is not locked while an index is built: its renewal needs that row, and a build of hours would make a live owner look dead. A worker that loses
/// the lease during an ALTER TABLE does no harm, because it only adds what the source has; it fails at its next step.
/// </remarks>
internal sealed class IndexBuildLock
{
    private readonly RunContext _context;
    private readonly TableRoute _route;
    private readonly string _name;

    /// <summary>Names the lock; nothing is taken yet.</summary>
    public IndexBuildLock(RunContext context, TableRoute route)
    {
        _context = context;
        _route = route;

        // At most 64 characters, compared without case.
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{context.Store.Lease.TaskName}:{route.Number}")));
        _name = $"'dts_migrate:{Convert.ToHexString(hash, 0, 20)}'";
    }

    /// <summary>A holder that has run nothing for so long is no live worker's: those do not pause between their statements.</summary>
    public TimeSpan IdleLimit { get; init; } = LeaseTable.Lifetime;

    /// <summary>Seconds between two looks at the holder.</summary>
    public int WaitSeconds { get; init; } = 5;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="DtsMigrateException">Code <c>LeaseLost</c>.</exception>
    public async Task TakeAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        bool told = false;
        while (true)
        {
            await _context.Store.AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
            var taken = await session.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT GET_LOCK({_name}, {WaitSeconds})"), cancellationToken).ConfigureAwait(false);
            if (!taken[0].IsNull(0) && taken[0].GetInt64(0) == 1)
            {
                return;
            }

            if (await IdleHolderAsync(session, cancellationToken).ConfigureAwait(false) is { } holder)
            {
                await KillAsync(session, holder, cancellationToken).ConfigureAwait(false);
            }
            else if (!told)
            {
                told = true;
                _context.Log.Write(LogLevel.Info, "Schema", $"An earlier session still builds indexes of {_route.Destination}; waiting for it.");
            }
        }
    }

    /// <summary>Gives the lock back. The end of the session does so, too.</summary>
    public Task ReleaseAsync(MySqlSession session, CancellationToken cancellationToken) => session.ExecuteAsync($"DO RELEASE_LOCK({_name})", cancellationToken);

    /// <summary>Session that holds the lock and has run nothing for longer than a live worker's would; null when there is none.</summary>
    /// <remarks>SHOW PROCESSLIST, because information_schema's list fails (error 3854) while anybody runs a statement whose text its column cannot take, and performance_schema may be off.</remarks>
    private async Task<long?> IdleHolderAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        const int Id = 0, Command = 4, Time = 5;
        var used = await session.QueryRowsAsync($"SELECT IS_USED_LOCK({_name})", cancellationToken).ConfigureAwait(false);
        if (used[0].IsNull(0))
        {
            return null;
        }

        long holder = used[0].GetInt64(0);
        foreach (var row in await session.QueryRowsAsync("SHOW PROCESSLIST", cancellationToken).ConfigureAwait(false))
        {
            if (row.GetInt64(Id) == holder)
            {
                return row.GetString(Command) == "Sleep" && !row.IsNull(Time) && row.GetInt64(Time) >= IdleLimit.TotalSeconds ? holder : null;
            }
        }

        return null;
    }

    private async Task KillAsync(MySqlSession session, long id, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"KILL {id}"), cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e)
        {
            // It ended by itself, or it is another account's: then the wait goes on.
            _context.Log.Write(LogLevel.Warning, "Schema", $"Session {id} of the destination, which an earlier worker has left, could not be ended: {e.Message}");
        }
    }
}
