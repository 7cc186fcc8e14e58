using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>
/// The destination transaction that is being filled: whole source transactions, however large, sent statement by statement in batches, and
/// committed with the position. Every result is checked. After any exception it must be thrown away with its session: nothing of it is kept.
/// </summary>
internal sealed class DestinationTransaction : IDisposable
{
    private const int BatchBytes = 1 << 20;
    private const int DuplicateKey = 1062;

    // Room for the packet header and what the server itself needs of max_allowed_packet.
    private const int PacketMargin = 1024;

    private readonly MySqlSession _session;
    private readonly TimeProvider _time;
    private readonly long _packetLimit;
    private readonly StatementBatch _batch = new();
    private readonly RowStatementWriter _writer;
    private readonly RowsReader _rows = new();
    private readonly Dictionary<int, long> _changes = [];
    private bool _started;
    private readonly Pace _pace;
    private long _openedAt;
    private long _unsentRows;

    public DestinationTransaction(MySqlSession session, long maxAllowedPacket, TimeProvider time, Pace? pace = null)
    {
        _pace = pace ?? Pace.Free;
        _session = session;
        _time = time;
        _packetLimit = maxAllowedPacket - PacketMargin;
        _writer = new RowStatementWriter(_batch);
    }

    /// <summary>Something is in it.</summary>
    public bool IsOpen => _started || !_batch.IsEmpty;

    /// <summary>Row changes in it.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes of statements in it.</summary>
    public long Bytes { get; private set; }

    /// <summary>Row changes in it by table number.</summary>
    public IReadOnlyDictionary<int, long> Changes => _changes;

    /// <summary>How long it has been open.</summary>
    public TimeSpan Age => IsOpen ? _time.GetElapsedTime(_openedAt) : TimeSpan.Zero;

    /// <summary>Adds the rows of an event; sends what has gathered.</summary>
    /// <param name="table">Table.</param>
    /// <param name="rows">Event.</param>
    /// <param name="fuzzy">Apply as upserts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task AddAsync(TablePlan table, RowsEvent rows, bool fuzzy, CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            _openedAt = _time.GetTimestamp();
        }

        _rows.Reset(rows);
        long count = 0;
        while (_rows.Read())
        {
            count++;
            _unsentRows++;
            var mark = _batch.Mark();
            _writer.Write(table, rows, _rows, fuzzy);
            if (_batch.Sql.Length > _packetLimit)
            {
                await MakeRoomAsync(mark, table, rows, fuzzy, cancellationToken).ConfigureAwait(false);
            }

            if (_batch.Sql.Length >= Math.Min(BatchBytes, _packetLimit / 2) || _pace.IsDue(_unsentRows, _batch.Sql.Length))
            {
                await SendAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        Rows += count;
        _changes[table.Number] = _changes.GetValueOrDefault(table.Number) + count;
    }

    /// <summary>Commits with what <paramref name="writePosition"/> writes in the same transaction.</summary>
    public async Task CommitAsync(Func<MySqlSession, CancellationToken, Task> writePosition, CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken).ConfigureAwait(false);
        if (!_started)
        {
            await _session.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
        }

        await writePosition(_session, cancellationToken).ConfigureAwait(false);
        await _session.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        _started = false;
        Rows = 0;
        Bytes = 0;
        _changes.Clear();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _batch.Dispose();
    }

    private async Task MakeRoomAsync((int Length, int Count, BatchedStatement Last, int OpenStart) mark, TablePlan table, RowsEvent rows, bool fuzzy, CancellationToken cancellationToken)
    {
        _batch.Undo(mark);
        await SendAsync(cancellationToken).ConfigureAwait(false);
        _writer.Write(table, rows, _rows, fuzzy);
        if (_batch.Sql.Length > _packetLimit)
        {
            throw ReplicationErrors.RowTooLarge(table.Name, _batch.Sql.Length, _packetLimit + PacketMargin, rows.End);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_batch.IsEmpty)
        {
            return;
        }

        await _pace.ChargeAsync(_unsentRows, _batch.Sql.Length, cancellationToken).ConfigureAwait(false);
        _unsentRows = 0;
        if (!_started)
        {
            await _session.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
            _started = true;
        }

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

    private async Task CheckAsync(int index, StatementResult result, bool isLast, CancellationToken cancellationToken)
    {
        var statement = _batch.Statements[index];
        if (statement.Table is not { } table)
        {
            return;
        }

        bool exact = statement.Shape is StatementShape.Insert or StatementShape.Delete or StatementShape.Update or StatementShape.DeleteMatch;
        if (exact && result.AffectedRows != (ulong)statement.Rows)
        {
            string what = $"{statement.Shape} of {statement.Rows} rows found {result.AffectedRows}";
            throw ReplicationErrors.RowConflict(table.Name, what, _batch.DescribeRow(index), statement.At!);
        }

        bool writes = statement.Shape is StatementShape.Insert or StatementShape.Replace or StatementShape.Update;
        if (writes && result.Warnings != statement.ZeroEnums)
        {
            // SHOW WARNINGS tells about the last statement of a packet only.
            string text = isLast ? await ReadWarningsAsync(cancellationToken).ConfigureAwait(false) : $"{result.Warnings} warnings";
            throw ReplicationErrors.DestinationWarning(table.Name, text, statement.At!);
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
        var first = written[0].At!;
        var last = written[^1].At!;
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
