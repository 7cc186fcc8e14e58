using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication;

/// <summary>Reads prepared XA transactions from the source's binary log a second time, over a connection of its own.</summary>
internal sealed class XaLog(RunContext context)
{
    private const int FirstOffset = 4;
    private const int CannotReadLog = 1236;

    /// <summary>The changes of the transaction that begins at a place.</summary>
    /// <param name="xid">Its xid.</param>
    /// <param name="start">Where its first event begins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">Code XaPrepareMissing: another transaction is there.</exception>
    public async IAsyncEnumerable<RowsEvent> ReadAsync(string xid, BinlogCoordinate start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(xid, start, cancellationToken).ConfigureAwait(false);
        await using var scope = stream.ConfigureAwait(false);
        while (true)
        {
            switch (await stream.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                case RowsEvent rows:
                    yield return rows;
                    break;
                case XaPrepareEvent prepare when XaTransactions.IsSame(prepare.Xid, xid):
                    yield break;
                case XaPrepareEvent or XidEvent or HeartbeatEvent:
                    throw ReplicationErrors.XaPrepareMissing(xid, start);
                case var other:
                    other.Release();
                    break;
            }
        }
    }

    /// <summary>Finds where a transaction begins whose COMMIT was read: looks through the COMMIT's file, then through earlier ones.</summary>
    /// <param name="xid">Its xid.</param>
    /// <param name="commitEnd">Where its COMMIT ends.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">Code XaPrepareMissing: the source no longer has it.</exception>
    public async Task<BinlogCoordinate> FindAsync(string xid, BinlogCoordinate commitEnd, CancellationToken cancellationToken)
    {
        foreach (string file in await FilesAsync(commitEnd.File, cancellationToken).ConfigureAwait(false))
        {
            var (start, isOver) = await SearchAsync(xid, file, commitEnd, cancellationToken).ConfigureAwait(false);
            if (start is { } found)
            {
                return found;
            }

            if (isOver)
            {
                break;
            }
        }

        throw ReplicationErrors.XaPrepareMissing(xid, commitEnd);
    }

    // The last PREPARE of the xid in a file, unless another COMMIT or ROLLBACK has ended that transaction: then the one looked for is not in the log.
    private async Task<(BinlogCoordinate? Start, bool IsOver)> SearchAsync(string xid, string file, BinlogCoordinate commitEnd, CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(xid, new BinlogCoordinate(file, FirstOffset), cancellationToken).ConfigureAwait(false);
        await using var scope = stream.ConfigureAwait(false);
        BinlogCoordinate? begin = null, found = null;
        bool isOver = false;
        while (true)
        {
            var next = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (next.End.File != file || (file == commitEnd.File && next.End >= commitEnd))
            {
                return (found, isOver);
            }

            switch (next)
            {
                case GtidEvent start:
                    begin = SourceTransaction.StartOf(start);
                    break;
                case XaPrepareEvent { OnePhase: false } prepare when XaTransactions.IsSame(prepare.Xid, xid):
                    found = begin;
                    isOver = false;
                    break;
                case QueryEvent query when query.Sql.StartsWith("XA ", StringComparison.OrdinalIgnoreCase) && Ends(query, xid):
                    found = null;
                    isOver = true;
                    break;
                default:
                    next.Release();
                    break;
            }
        }
    }

    private static bool Ends(QueryEvent query, string xid)
    {
        var statement = StatementClassifier.Classify(query.Sql, query.Database, query.Context.SqlMode ?? 0);
        return statement.Kind is StatementKind.XaCommit or StatementKind.XaRollback && XaTransactions.IsSame(statement.Xid!, xid);
    }

    private async Task<IEnumerable<string>> FilesAsync(string last, CancellationToken cancellationToken)
    {
        var session = await context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = session.ConfigureAwait(false);
        var logs = await session.QueryRowsAsync("SHOW BINARY LOGS", cancellationToken).ConfigureAwait(false);
        ulong number = BinlogCoordinate.FileNumber(last);
        return [.. logs.Select(r => r.GetString(0)).Where(f => BinlogCoordinate.FileNumber(f) <= number).OrderByDescending(BinlogCoordinate.FileNumber)];
    }

    private async Task<BinlogStream> OpenAsync(string xid, BinlogCoordinate start, CancellationToken cancellationToken)
    {
        var options = new BinlogStreamOptions { From = start, ServerId = ReplicaServerId.Of(context) };
        var session = await context.Source.OpenAsync(SessionPurpose.Binlog, cancellationToken).ConfigureAwait(false);
        try
        {
            return await BinlogStream.OpenAsync(session, options, context.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException failure) when (failure.Errno == CannotReadLog)
        {
            throw ReplicationErrors.XaPrepareMissing(xid, start, failure);
        }
    }
}
