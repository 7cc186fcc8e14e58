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
internal static class IndexBuildLock
{
    private const int WaitSeconds = 5;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="DtsMigrateException">Code <c>LeaseLost</c>.</exception>
    public static async Task TakeAsync(RunContext context, MySqlSession session, TableRoute route, CancellationToken cancellationToken)
    {
        string name = Name(context.Store.Lease, route);
        bool told = false;
        while (true)
        {
            await context.Store.AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
            var taken = await session.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT GET_LOCK({name}, {WaitSeconds})"), cancellationToken).ConfigureAwait(false);
            if (!taken[0].IsNull(0) && taken[0].GetInt64(0) == 1)
            {
                return;
            }

            var holder = await session.QueryRowsAsync($"SELECT p.ID, p.COMMAND, p.TIME FROM information_schema.PROCESSLIST p WHERE p.ID = IS_USED_LOCK({name})", cancellationToken).ConfigureAwait(false);
            if (holder.Count > 0 && holder[0].GetString(1) == "Sleep" && holder[0].GetInt64(2) > LeaseTable.Lifetime.TotalSeconds)
            {
                // The connection of a worker that is gone, which the server has not noticed. A live one does not pause between its statements.
                await KillAsync(context, session, holder[0].GetInt64(0), cancellationToken).ConfigureAwait(false);
            }
            else if (!told)
            {
                told = true;
                context.Log.Write(LogLevel.Info, "Schema", $"An earlier session still builds indexes of {route.Destination}; waiting for it.");
            }
        }
    }

    /// <summary>Gives the lock back. The end of the session does so, too.</summary>
    public static Task ReleaseAsync(RunContext context, MySqlSession session, TableRoute route, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"DO RELEASE_LOCK({Name(context.Store.Lease, route)})", cancellationToken);

    private static async Task KillAsync(RunContext context, MySqlSession session, long id, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"KILL {id}"), cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e)
        {
            // It ended by itself, or it is another account's: then the wait goes on.
            context.Log.Write(LogLevel.Warning, "Schema", $"Session {id} of the destination, which an earlier worker has left, could not be ended: {e.Message}");
        }
    }

    // At most 64 characters, compared without case.
    private static string Name(Lease lease, TableRoute route)
    {
        string of = string.Create(CultureInfo.InvariantCulture, $"{lease.TaskName}:{route.Number}");
        return $"'dts_migrate:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(of)), 0, 20)}'";
    }
}
