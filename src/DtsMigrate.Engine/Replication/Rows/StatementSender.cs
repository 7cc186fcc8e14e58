using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Replication.Merge;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>
/// One session's part of a destination transaction: writes statements into a batch, sends it when it is large enough, and checks every result. After
/// any exception it must be thrown away with its session.
/// </summary>
internal sealed class StatementSender : IDisposable
{
    private const int BatchBytes = 1 << 20;
    private const int DuplicateKey = 1062;

    // Room for the packet header and what the server itself needs of max_allowed_packet.
    private const int PacketMargin = 1024;

    private readonly MySqlSession _session;
    private readonly long _packetLimit;
    private readonly Pace _pace;
    private readonly StatementBatch _batch = new();
    private readonly RowStatementWriter _writer;
    private readonly CascadeWriter _cascades;
    private readonly RowsReader _rows = new();
    private bool _started;
    private long _unsentRows;

    public StatementSender(MySqlSession session, long maxAllowedPacket, Pace pace)
    {
        _session = session;
        _packetLimit = maxAllowedPacket - PacketMargin;
        _pace = pace;
        _writer = new RowStatementWriter(_batch, session.ServerVersion);
        _cascades = new CascadeWriter(_batch, session, SendAsync, SendIfDueAsync);
    }

    /// <summary>Every row is a statement of its own, so that a failure names it.</summary>
    public bool IsSingly
    {
        get => _batch.IsSingly;
        set => _batch.IsSingly = value;
    }

    /// <summary>Something is in the transaction.</summary>
    public bool IsOpen => _started || !_batch.IsEmpty;

    /// <summary>Bytes of statements sent in the transaction.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds the rows of an event in their order; sends what has gathered.</summary>
    /// <param name="table">Table; null when only what cascades from it is applied.</param>
    /// <param name="rows">Event.</param>
    /// <param name="fuzzy">Apply as upserts.</param>
    /// <param name="cascades">What to do, after each row, to tables that depend on it; null for nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many row changes of the table it had.</returns>
    public async Task<long> AddAsync(TablePlan? table, RowsEvent rows, bool fuzzy, CascadeScope? cascades, CancellationToken cancellationToken)
    {
        _rows.Reset(rows);
        long count = 0;
        while (_rows.Read())
        {
            if (table is not null)
            {
                count++;
                _unsentRows++;
                var mark = _batch.Mark();
                _writer.Write(table, rows, _rows, fuzzy);
                if (_batch.Sql.Length > _packetLimit)
                {
                    await MakeRoomAsync(mark, cancellationToken).ConfigureAwait(false);
                    _writer.Write(table, rows, _rows, fuzzy);
                    if (_batch.Sql.Length > _packetLimit)
                    {
                        var image = rows.Kind == RowChangeKind.Insert ? _rows.After : _rows.Before;
                        throw TooLarge(table, rows.Table, image, rows.End);
                    }
                }
            }

            if (cascades is not null)
            {
                await _cascades.WriteAsync(rows, _rows, cascades, cancellationToken).ConfigureAwait(false);
            }

            await SendIfDueAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <summary>
    /// Adds merged changes: first a DELETE of every row that was there and is to go or to change, then an INSERT of every row that is to be there. Between
    /// the two no row of the window is in the table, so that no unique value, not even one that the images do not hold, is in another row's way.
    /// </summary>
    public async Task AddAsync(MergedTable table, ReadOnlyMemory<int> order, CancellationToken cancellationToken)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int row = order.Span[i];
            if (Deletes(table, row))
            {
                await AddAsync(table, row, isDelete: true, cancellationToken).ConfigureAwait(false);
            }
        }

        for (int i = 0; i < order.Length; i++)
        {
            int row = order.Span[i];
            if (table.Rows[row].Exists)
            {
                await AddAsync(table, row, isDelete: false, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends what has gathered.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_batch.IsEmpty)
        {
            return;
        }

        await _pace.ChargeAsync(_unsentRows, _batch.Sql.Length, cancellationToken).ConfigureAwait(false);
        _unsentRows = 0;
        await StartAsync(cancellationToken).ConfigureAwait(false);
        _batch.Finish();
        Bytes += _batch.Sql.Length;
        IReadOnlyList<StatementResult> results;
        try
        {
            results = await _session.ExecuteBatchAsync(_batch.Sql.Memory, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException failure) when (FaultClassifier.Classify(failure) == FaultClass.Stop)
        {
            throw Explain(failure);
        }

        if (results.Count != _batch.Statements.Count)
        {
            throw new MySqlProtocolException($"The destination answered {results.Count} of {_batch.Statements.Count} statements.");
        }

        for (int i = 0; i < results.Count; i++)
        {
            await CheckAsync(i, results[i], i == results.Count - 1, cancellationToken).ConfigureAwait(false);
        }

        _batch.Clear();
    }

    /// <summary>Begins the transaction with what <paramref name="write"/> writes.</summary>
    public async Task BeginAsync(Func<MySqlSession, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        await write(_session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Throws away what is in the transaction.</summary>
    public async Task RollBackAsync(CancellationToken cancellationToken)
    {
        _batch.Clear();
        _unsentRows = 0;
        await _session.ExecuteAsync("ROLLBACK", cancellationToken).ConfigureAwait(false);
        _started = false;
        Bytes = 0;
    }

    /// <summary>Commits with what <paramref name="write"/> writes in the same transaction.</summary>
    public async Task CommitAsync(Func<MySqlSession, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken).ConfigureAwait(false);
        await StartAsync(cancellationToken).ConfigureAwait(false);
        await write(_session, cancellationToken).ConfigureAwait(false);
        await _session.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        _started = false;
        Bytes = 0;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _cascades.Dispose();
        _batch.Dispose();
    }

    // While the table is fuzzy a row that exists is written by REPLACE, which needs no DELETE; one that does not may be there all the same.
    private static bool Deletes(MergedTable table, int row) => table.IsFuzzy ? !table.Rows[row].Exists : table.Rows[row].Existed;

    private async Task AddAsync(MergedTable table, int row, bool isDelete, CancellationToken cancellationToken)
    {
        var mark = _batch.Mark();
        Write(table, row, isDelete);
        if (_batch.Sql.Length > _packetLimit)
        {
            await MakeRoomAsync(mark, cancellationToken).ConfigureAwait(false);
            Write(table, row, isDelete);
            if (_batch.Sql.Length > _packetLimit)
            {
                throw TooLarge(table.Plan, table.Map, table.Image(table.Rows[row], _rows), table.Rows[row].At);
            }
        }

        await SendIfDueAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Write(MergedTable table, int row, bool isDelete)
    {
        ref readonly var merged = ref table.Rows[row];
        var image = table.Image(merged, _rows);
        if (isDelete)
        {
            _writer.Delete(table.Plan, table.Map, merged.At, image, table.IsFuzzy);
        }
        else
        {
            _writer.Insert(table.Plan, table.Map, merged.At, image, table.IsFuzzy);
        }
    }

    private Task SendIfDueAsync(CancellationToken cancellationToken) =>
        _batch.Sql.Length >= Math.Min(BatchBytes, _packetLimit / 2) || _pace.IsDue(_unsentRows, _batch.Sql.Length) ? SendAsync(cancellationToken) : Task.CompletedTask;

    private async Task MakeRoomAsync((int Length, int Count, BatchedStatement Last, int OpenStart) mark, CancellationToken cancellationToken)
    {
        _batch.Undo(mark);
        await SendAsync(cancellationToken).ConfigureAwait(false);
    }

    // A row that alone is more than a packet: no way of writing it would help.
    private DtsMigrateException TooLarge(TablePlan table, TableMapEvent map, in RowImage image, MySql.Binlog.BinlogCoordinate at)
    {
        long bytes = _batch.Sql.Length;
        return ReplicationErrors.RowTooLarge(table.Name, _writer.NameRow(table, map, image), bytes, _packetLimit + PacketMargin, at);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_started)
        {
            await _session.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
            _started = true;
        }
    }

    private async Task CheckAsync(int index, StatementResult result, bool isLast, CancellationToken cancellationToken)
    {
        var statement = _batch.Statements[index];
        if (statement.Table is not { } table)
        {
            return;
        }

        bool exact = statement.Shape is StatementShape.Insert or StatementShape.Delete or StatementShape.Update or StatementShape.DeleteMatch;
        bool mayMiss = table.MayMiss && statement.Shape == StatementShape.Update && result.AffectedRows == 0;
        if (exact && !mayMiss && result.AffectedRows != (ulong)statement.Rows)
        {
            string what = $"{statement.Shape} of {statement.Rows} rows found {result.AffectedRows}";
            throw ReplicationErrors.RowConflict(table.Name, what, _batch.DescribeRow(index), statement.At);
        }

        bool writes = statement.Shape is StatementShape.Insert or StatementShape.Replace or StatementShape.Update or StatementShape.Cascade;
        if (writes && !mayMiss && result.Warnings != statement.ZeroEnums)
        {
            // SHOW WARNINGS tells about the last statement of a packet only.
            string text = isLast ? await ReadWarningsAsync(cancellationToken).ConfigureAwait(false) : $"{result.Warnings} warnings";
            throw ReplicationErrors.DestinationWarning(table.Name, text, statement.At);
        }
    }

    private async Task<string> ReadWarningsAsync(CancellationToken cancellationToken)
    {
        var rows = await _session.QueryRowsAsync("SHOW WARNINGS LIMIT 3", cancellationToken).ConfigureAwait(false);
        return string.Join("; ", rows.Select(r => $"{r.GetString(1)} {r.GetString(2)}"));
    }

    private DtsMigrateException Explain(MySqlServerException failure)
    {
        var written = _batch.Statements.Where(s => s.Table is not null).ToList();
        var first = written[0].At;
        var last = written[^1].At;
        var tables = written.Select(s => s.Table!.Name).Distinct().ToList();
        string names = string.Join(", ", tables.Take(5)) + (tables.Count > 5 ? " ..." : string.Empty);
        if (failure.Errno == DuplicateKey)
        {
            var table = tables.FirstOrDefault(t => failure.ServerMessage.Contains(t.Name, StringComparison.Ordinal), tables[0]);
            return ReplicationErrors.RowConflict(table, "A row exists already", failure.ServerMessage, last, failure);
        }

        return ReplicationErrors.WriteFailed(names, first, last, failure);
    }
}
