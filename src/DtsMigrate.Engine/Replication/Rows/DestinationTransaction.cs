using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Replication.Merge;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>
/// The destination transaction that is being filled: whole source transactions, however large, sent statement by statement in batches or merged per key,
/// and committed with the position. Every result is checked. After any exception it must be thrown away with its session: nothing of it is kept.
/// </summary>
internal sealed class DestinationTransaction : IDisposable
{
    // ER_RUN_HOOK_ERROR, whatever the group's reason is: that stands in the server's error log alone.
    private const int RefusedByGroup = 3100;

    private readonly TimeProvider _time;
    private readonly StatementSender _sender;
    private readonly MergeWindow _window = new();
    private readonly Pace _pace;
    private readonly Dictionary<int, long> _changes = [];
    private readonly long _windowBytes;
    private readonly int _sliceRows;
    private readonly long? _limit;
    private readonly SlotWriter _slots;
    private long _openedAt;

    public DestinationTransaction(MySqlSession session, long maxAllowedPacket, TimeProvider time, ApplyTuning tuning, SlotWriter slots, Pace? pace = null)
    {
        _slots = slots;
        _sliceRows = tuning.SliceRows;
        _windowBytes = tuning.WindowBytes;
        _limit = tuning.TransactionLimit;
        _pace = pace ?? Pace.Free;
        _time = time;
        _sender = new StatementSender(session, maxAllowedPacket, _pace);
    }

    /// <summary>Changes are merged per key where the table allows it. Changed only while the transaction is not open.</summary>
    public bool IsMerging { get; set; }

    /// <summary>Something is in it.</summary>
    public bool IsOpen => _sender.IsOpen || !_window.IsEmpty;

    /// <summary>Row changes in it.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows in it that are merged and not written yet.</summary>
    public int MergedRows => _window.Rows;

    /// <summary>Bytes of statements in it, and of rows that are merged and not written yet.</summary>
    public long Bytes => _sender.Bytes + _window.Bytes;

    /// <summary>Bytes of the source's binary log in it.</summary>
    public long LogBytes { get; private set; }

    /// <summary>Row changes in it by table number.</summary>
    public IReadOnlyDictionary<int, long> Changes => _changes;

    /// <summary>How long it has been open.</summary>
    public TimeSpan Age => IsOpen ? _time.GetElapsedTime(_openedAt) : TimeSpan.Zero;

    /// <summary>Adds the rows of an event; sends what has gathered.</summary>
    /// <param name="table">Table; null when only what cascades from it is applied.</param>
    /// <param name="rows">Event.</param>
    /// <param name="fuzzy">Apply as upserts.</param>
    /// <param name="cascades">What to do to tables that depend on it; null for nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MergeMismatchException">Merged changes could not be applied exactly.</exception>
    public async Task AddAsync(TablePlan? table, RowsEvent rows, bool fuzzy, CascadeScope? cascades, CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            _openedAt = _time.GetTimestamp();
        }

        long count;
        if (IsMerging)
        {
            count = await GuardAsync(() => MergeAsync(table, rows, fuzzy, cascades, cancellationToken)).ConfigureAwait(false);
        }
        else
        {
            count = await _sender.AddAsync(table, rows, fuzzy, cascades, cancellationToken).ConfigureAwait(false);
        }

        Rows += count;
        LogBytes += rows.Header.Length;
        if (table is not null)
        {
            _changes[table.Number] = _changes.GetValueOrDefault(table.Number) + count;
        }
    }

    /// <summary>What is in it is merged changes alone, none of them written yet, and enough of them to be written in slots.</summary>
    public bool CanSlice => IsMerging && !_sender.IsOpen && _slots.Slots > 1 && _window.Rows >= _sliceRows;

    /// <summary>While a window that was begun is read again: it is taken whole, whatever its size.</summary>
    public bool IsRecovering { get; set; }

    /// <summary>Writes what is merged in slots that commit by themselves; the position is not written yet.</summary>
    /// <param name="window">The window's record, which is on the destination.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MergeMismatchException">Merged changes could not be applied exactly.</exception>
    public async Task WriteSlotsAsync(Checkpoint.SlotWindow window, CancellationToken cancellationToken)
    {
        if (IsRecovering)
        {
            await _slots.WriteAsync(_window.Tables, window, finishes: true, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await GuardAsync(async () =>
            {
                await _slots.WriteAsync(_window.Tables, window, finishes: false, cancellationToken).ConfigureAwait(false);
                return 0;
            }).ConfigureAwait(false);
        }

        while (!_window.IsEmpty)
        {
            _window.Remove(_window.Tables[0]);
        }
    }

    /// <summary>Commits with what <paramref name="writePosition"/> writes in the same transaction.</summary>
    /// <exception cref="MergeMismatchException">Merged changes could not be applied exactly.</exception>
    public async Task CommitAsync(Func<MySqlSession, CancellationToken, Task> writePosition, CancellationToken cancellationToken)
    {
        if (IsMerging)
        {
            await GuardAsync(async () =>
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
                await _sender.SendAsync(cancellationToken).ConfigureAwait(false);
                return 0;
            }).ConfigureAwait(false);
        }

        try
        {
            await _sender.CommitAsync(writePosition, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException refused) when (refused.Errno == RefusedByGroup && LogBytes > _limit / 2)
        {
            throw ReplicationErrors.TransactionTooLarge(LogBytes, _limit!.Value, refused);
        }

        Rows = 0;
        LogBytes = 0;
        _changes.Clear();
    }

    public void Dispose()
    {
        _sender.Dispose();
        _window.Dispose();
    }

    private static async Task<long> GuardAsync(Func<Task<long>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (DtsMigrateException failure) when (MergeMismatchException.IsOfRow(failure))
        {
            throw new MergeMismatchException(failure.Message, failure);
        }
    }

    private async Task<long> MergeAsync(TablePlan? table, RowsEvent rows, bool fuzzy, CascadeScope? cascades, CancellationToken cancellationToken)
    {
        if (cascades is not null)
        {
            // Rows are found on the destination: what is held of the tables concerned is written before. It is there only if the source has logged cascades until now.
            foreach (var tied in _window.Tables.Where(t => t.Plan.HasCascades).ToList())
            {
                await WriteAsync(tied, cancellationToken).ConfigureAwait(false);
            }
        }

        if (table is null || cascades is not null)
        {
            return await _sender.AddAsync(table, rows, fuzzy, cascades, cancellationToken).ConfigureAwait(false);
        }

        bool canMerge = table.CanMerge(rows);
        if (_window.Find(table) is { } held && !(canMerge && held.Fits(table, rows)))
        {
            await WriteAsync(held, cancellationToken).ConfigureAwait(false);
        }

        if (!canMerge)
        {
            return await _sender.AddAsync(table, rows, fuzzy, cascades: null, cancellationToken).ConfigureAwait(false);
        }

        long count = _window.Add(table, rows, fuzzy);
        await _pace.ChargeAsync(count, rows.Header.Length, cancellationToken).ConfigureAwait(false);
        if (_window.Bytes >= _windowBytes && !IsRecovering)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (!_window.IsEmpty)
        {
            await WriteAsync(_window.Tables[0], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(MergedTable table, CancellationToken cancellationToken)
    {
        await _sender.AddAsync(table, table.Sorted(), cancellationToken).ConfigureAwait(false);
        _window.Remove(table);
    }
}
