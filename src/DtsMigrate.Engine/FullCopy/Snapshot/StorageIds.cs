using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Snapshot;

/// <summary>
/// InnoDB's numbers of tables and partitions, as they were before a snapshot was opened. Some statements put other rows behind a name and a snapshot does not mind: EXCHANGE PARTITION on
/// all versions, TRUNCATE before 8.0 (later it is error 1412). A name with another number than before holds rows that the snapshot was not opened for.
/// </summary>
internal sealed class StorageIds
{
    private readonly IReadOnlyDictionary<string, long> _before;

    private StorageIds(IReadOnlyDictionary<string, long> before) => _before = before;

    /// <summary>Reads the numbers.</summary>
    /// <returns>Null where no statement on the server does such a thing, from 8.0 on without any partition; and where a server of 8.0 or later does not show them to the account.</returns>
    /// <exception cref="DtsMigrateException">Code <c>SnapshotUnavailable</c>: a server before 8.0 does not show them to the account, so that a TRUNCATE would not be noticed.</exception>
    public static async Task<StorageIds?> OpenAsync(RunContext context, MySqlSession session, IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        try
        {
            var ids = await ReadAsync(session, cancellationToken).ConfigureAwait(false);

            // Any table of the server may be exchanged with a partition of another one.
            return !session.ServerVersion.IsAtLeast(8) || ids.Keys.Any(n => n.Contains("#p#", StringComparison.OrdinalIgnoreCase)) ? new StorageIds(ids) : null;
        }
        catch (MySqlServerException e) when (FaultClassifier.IsDenied(e))
        {
            if (!session.ServerVersion.IsAtLeast(8))
            {
                throw new DtsMigrateException("SnapshotUnavailable", $"The source's account may not see InnoDB's numbers of tables. Before 8.0 nothing else tells that a table was truncated under a snapshot, which then reads it as empty: {e.ServerMessage}")
                {
                    Target = "source",
                    RecommendedAction = "Grant it PROCESS; or include Incremental in migrationTypes, which needs no snapshot.",
                };
            }

            if (routes.Any(r => PartitionLayout.IsPartitioned(r.Definition)))
            {
                context.Log.Write(LogLevel.Warning, "FullCopy", $"Without PROCESS the source's account cannot see whether a partition is exchanged while its table is copied: do not do that ({e.ServerMessage}).");
            }

            return null;
        }
    }

    /// <summary>Finds those tables that hold other rows by now than when the snapshot was opened.</summary>
    public async Task<IReadOnlyList<TableWork>> FindReplacedAsync(IReadOnlyList<TableWork> tables, CopySessions sessions, CancellationToken cancellationToken)
    {
        if (tables.All(t => t.IsNewerThanSnapshot || !t.HasSnapshots))
        {
            return [];
        }

        var now = await ReadAsync(await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        string[] other = [.. now.Where(n => _before.TryGetValue(n.Key, out long id) && id != n.Value).Select(n => n.Key)];
        return [.. tables.Where(t => !t.IsNewerThanSnapshot && t.HasSnapshots && other.Any(o => StorageName.MayBe(o, t.Route.Source)))];
    }

    private static async Task<IReadOnlyDictionary<string, long>> ReadAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        string table = session.ServerVersion.IsAtLeast(8) ? "INNODB_TABLES" : "INNODB_SYS_TABLES";
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in await session.QueryRowsAsync($"SELECT NAME, TABLE_ID FROM information_schema.{table}", cancellationToken).ConfigureAwait(false))
        {
            ids[row.GetString(0)] = row.GetInt64(1);
        }

        return ids;
    }
}
