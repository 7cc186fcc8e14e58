using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// Named locks (GET_LOCK) that stand for chunks on a destination before 8.0.1: without SKIP LOCKED a locking read waits for the row of a chunk that another worker
/// is at. The name is tried without waiting before the row is locked; the row decides all the same. Named locks outlive transactions and end with their session
/// (Reference Manual, "Locking Functions"), so a session frees what it had before it takes the next chunk.
/// </summary>
internal sealed class ChunkLocks
{
    // Names have at most 64 characters, and case does not count in them: a task's name may be longer.
    private readonly string _prefix;

    /// <summary>Creates the locks of a task.</summary>
    public ChunkLocks(string taskName)
    {
        _prefix = "dts_migrate.chunk:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(taskName)).AsSpan(0, 8)) + ":";
    }

    /// <summary>A condition on a row of <c>dts_migrate.chunk</c>: nobody has its name.</summary>
    public string IsFree => $"IS_FREE_LOCK(CONCAT('{_prefix}',table_number,':',number))=1";

    /// <summary>Takes a chunk's name, if nobody has it or whoever has it gives it back in time.</summary>
    public async Task<bool> TryTakeAsync(MySqlSession session, int table, int number, int waitSeconds, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT GET_LOCK('{_prefix}{table}:{number}',{waitSeconds})"), cancellationToken).ConfigureAwait(false);
        return rows[0].GetStringOrNull(0) == "1";
    }

    /// <summary>Frees all names that a session has. It must have no named locks but those of chunks.</summary>
    public static Task ReleaseAsync(MySqlSession session, CancellationToken cancellationToken) => session.ExecuteAsync("DO RELEASE_ALL_LOCKS()", cancellationToken);
}
