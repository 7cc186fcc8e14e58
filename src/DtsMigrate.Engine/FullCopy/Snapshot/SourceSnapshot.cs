using System.Collections.Concurrent;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Snapshot;

/// <summary>Sessions of the source that all see it as of one point in time, and that point.</summary>
internal sealed class SourceSnapshot : IAsyncDisposable
{
    /// <summary>Opens the snapshot, and marks the point to which <see cref="Release"/> goes back.</summary>
    public const string Begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY; SAVEPOINT dtsmigrate";

    /// <summary>Gives the metadata locks of what was read back; the snapshot stays.</summary>
    public const string Release = "ROLLBACK TO SAVEPOINT dtsmigrate";

    private readonly IReadOnlyList<MySqlSession> _all;
    private readonly ConcurrentQueue<MySqlSession> _free;

    /// <summary>Takes over sessions whose snapshots have been opened.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="position">Position of the source that they see; null when the source writes no binary log.</param>
    /// <param name="ids">InnoDB's numbers of tables from before the snapshot; null where they are not needed or not known.</param>
    public SourceSnapshot(IReadOnlyList<MySqlSession> sessions, SourcePosition? position, StorageIds? ids)
    {
        _all = sessions;
        _free = new ConcurrentQueue<MySqlSession>(sessions);
        Position = position;
        Ids = ids;
    }

    /// <summary>Position of the source that the sessions see; null when the source writes no binary log.</summary>
    public SourcePosition? Position { get; }

    /// <summary>InnoDB's numbers of tables from before the snapshot; null where they are not needed or not known.</summary>
    public StorageIds? Ids { get; }

    /// <summary>A session for one worker, for as long as it works.</summary>
    /// <exception cref="SnapshotLostException">None is left.</exception>
    public MySqlSession Take() => _free.TryDequeue(out var session) ? session : throw new SnapshotLostException("no connection is left.");

    /// <summary>Checks that a session still has its snapshot.</summary>
    /// <exception cref="SnapshotLostException">It has not.</exception>
    public static void Check(MySqlSession session)
    {
        if (session.IsBroken)
        {
            throw new SnapshotLostException("a connection to the source broke.");
        }

        if (!session.InTransaction)
        {
            throw new SnapshotLostException("the source has ended a transaction that was reading.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _all)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
