using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Opens the session that changes are applied over. A session of this task whose connection died without a word may live on in the destination
/// for hours, with its transaction's locks: each applier session holds a named lock, by which the next one finds and ends it.
/// </summary>
internal static class ApplierSession
{
    private const int NoSuchThread = 1094;
    private const int KillDenied = 1095;

    // Longer than a rollback of what a batch of changes has done.
    private const int TakeOverSeconds = 15;

    /// <summary>Name of the lock of a task; at most 64 characters, as the server asks.</summary>
    public static string LockName(string task) => "dtsmigrate:" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(task)))[..40];

    /// <summary>Opens the session; ends an earlier one of this task that is still there.</summary>
    /// <param name="context">The run.</param>
    /// <param name="slot">0 for the session that writes the position, else the number of one that writes beside it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<MySqlSession> OpenAsync(RunContext context, int slot, CancellationToken cancellationToken)
    {
        var session = await context.Destination.OpenAsync(SessionPurpose.WriteRows, cancellationToken).ConfigureAwait(false);
        try
        {
            string name = SqlText.Literal(LockName(context.Task.Name) + (slot == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $":{slot}")));
            var rows = await session.QueryRowsAsync($"SELECT IS_USED_LOCK({name})", cancellationToken).ConfigureAwait(false);
            if (!rows[0].IsNull(0))
            {
                await EndAsync(session, rows[0].GetInt64(0), context.Log, cancellationToken).ConfigureAwait(false);
            }

            var taken = await session.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT GET_LOCK({name},{TakeOverSeconds})"), cancellationToken).ConfigureAwait(false);
            if (taken[0].GetStringOrNull(0) != "1")
            {
                // The lease decides who may write, not this lock: without it only the ending of a dead session is missed.
                context.Log.Write(LogLevel.Warning, "Incremental", "An earlier session of this task is still open on the destination and could not be ended.");
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The session's max_allowed_packet in bytes: it may have been changed on the server since the run began.</summary>
    public static async Task<long> ReadPacketLimitAsync(MySqlSession session, CancellationToken cancellationToken) =>
        (await session.QueryRowsAsync("SELECT @@SESSION.max_allowed_packet", cancellationToken).ConfigureAwait(false))[0].GetInt64(0);

    /// <summary>What the server's group takes as one transaction, in bytes of its binary log; null for any. It may change, and another server may be the primary now.</summary>
    public static async Task<long?> ReadTransactionLimitAsync(MySqlSession session, CancellationToken cancellationToken) =>
        (await ServerConnector.ReadFactsAsync(session, cancellationToken).ConfigureAwait(false)).TransactionLimit;

    private static async Task EndAsync(MySqlSession session, long connection, IRunLog log, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"KILL {connection}"), cancellationToken).ConfigureAwait(false);
            log.Write(LogLevel.Info, "Incremental", $"Ended connection {connection} on the destination, left over from this task.");
        }
        catch (MySqlServerException failure) when (failure.Errno is NoSuchThread or KillDenied)
        {
            log.Write(LogLevel.Info, "Incremental", $"Connection {connection} on the destination, left over from this task, was not ended: {failure.ServerMessage}");
        }
    }
}
