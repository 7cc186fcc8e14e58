using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// The one component that decides, for a table and a source transaction, whether to drop, hold or apply (invariant I3). It keeps no events:
/// a held event is passed over, and the stream is taken back to the table's watermark when its copy is done. Not thread safe.
/// </summary>
public sealed class Gate
{
    private readonly Dictionary<int, GateTable> _tables = [];
    private BinlogCoordinate? _streamEnd;
    private Func<int, IReadOnlyList<int>>? _tiedTo;

    /// <summary>Restores the gate from the checkpoint.</summary>
    /// <param name="applied">The stream's row.</param>
    /// <param name="tables">All tables of the task.</param>
    public Gate(AppliedRecord applied, IEnumerable<TableCopyRecord> tables)
    {
        Current = applied.Current;
        High = applied.High;
        foreach (var record in tables.Where(t => t.State != TableCopyState.Removed))
        {
            _tables.Add(record.Number, new GateTable(record));
        }

        Recount();
    }

    /// <summary>Position of the running pass.</summary>
    public SourcePosition Current { get; private set; }

    /// <summary>Position that Live tables have reached when the running pass began.</summary>
    public SourcePosition High { get; private set; }

    /// <summary>Some table is catching up: a pass is running.</summary>
    public bool HasCatchingUp { get; private set; }

    /// <summary>The running pass has come to where the Live tables are: its tables become Live in the transaction that writes this position.</summary>
    public bool IsPassComplete => HasCatchingUp && Current.Covers(High);

    /// <summary>The task goes on without some table.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>All tables are Live that are not stopped.</summary>
    public bool AllLive { get; private set; }

    /// <summary>Tables that wait for a pass.</summary>
    public IReadOnlyList<int> Waiting { get; private set; } = [];

    /// <summary>Tables that must begin to catch up together with a table; null for none.</summary>
    internal Func<int, IReadOnlyList<int>>? TiedTo
    {
        get => _tiedTo;
        set
        {
            _tiedTo = value;
            Recount();
        }
    }

    /// <summary>Some table is still to be copied or being copied.</summary>
    public bool HasUncopied { get; private set; }

    /// <summary>The position from which the first pass of a task runs: nothing is Live yet, so both positions are the earliest watermark.</summary>
    public static AppliedRecord FirstPass(IEnumerable<TableCopyRecord> waiting)
    {
        var start = waiting.Select(WatermarkOf).Aggregate(PositionMath.Earlier);
        return new AppliedRecord(start, start, 0);
    }

    /// <summary>
    /// The positions of a pass for the tables that wait: back to the earliest of their watermarks, with what Live tables have reached kept as High.
    /// Never forward: a watermark may be ahead of the stream, and what lies between still concerns Live tables and DDL.
    /// </summary>
    /// <param name="changes">Row changes applied so far.</param>
    public AppliedRecord PlanPass(long changes)
    {
        var start = _tables.Values.Where(t => t.State == TableCopyState.Copied && !IsHeldBack(t.Number))
            .Select(t => t.Watermark ?? throw ReplicationErrors.NoWatermark(t.Number)).Aggregate(Current, PositionMath.Earlier);
        return new AppliedRecord(start, PositionMath.Later(High, Current), changes);
    }

    /// <summary>Takes over a pass that the checkpoint has recorded.</summary>
    public void BeginPass(AppliedRecord applied, IReadOnlyList<int> tables)
    {
        Current = applied.Current;
        High = applied.High;
        _streamEnd = null;
        foreach (int number in tables)
        {
            _tables[number].BeginCatchUp();
        }

        Recount();
    }

    /// <summary>Takes over the pass's end that the checkpoint has recorded.</summary>
    public void CompletePass()
    {
        foreach (var table in _tables.Values.Where(t => t.State == TableCopyState.CatchingUp))
        {
            table.GoLive();
        }

        Recount();
    }

    /// <summary>Takes over what the copy has recorded since. Tables that are CatchingUp or Live are this side's own and stay as they are.</summary>
    public void Refresh(IEnumerable<TableCopyRecord> tables)
    {
        foreach (var record in tables)
        {
            if (record.State == TableCopyState.Removed)
            {
                _tables.Remove(record.Number);
            }
            else if (!_tables.TryGetValue(record.Number, out var table))
            {
                _tables.Add(record.Number, new GateTable(record));
            }
            else if (table.State is not (TableCopyState.CatchingUp or TableCopyState.Live))
            {
                table.Refresh(record);
            }
        }

        Recount();
    }

    /// <summary>Takes over what DDL has made of a table: it was added, or must be copied again.</summary>
    public void Set(TableCopyRecord record)
    {
        _tables[record.Number] = new GateTable(record);
        Recount();
    }

    /// <summary>The table is no longer part of the task.</summary>
    public void Remove(int table)
    {
        _tables.Remove(table);
        Recount();
    }

    /// <summary>
    /// No table of the task has anything to do with the transaction or a later one as yet: it is from before the tables were looked at. What it changes and is not
    /// among them was gone by then.
    /// </summary>
    public bool IsBeforePlan(Gtid? gtid, BinlogCoordinate end) =>
        _tables.Values.All(t => t.State == TableCopyState.Pending || t.Watermark is null || t.Watermark.Covers(gtid, end));

    /// <summary>Decides about a table's changes in a transaction.</summary>
    /// <param name="table">Table number.</param>
    /// <param name="gtid">The transaction's GTID; null without GTID.</param>
    /// <param name="end">End of the event: watermarks lie between transactions, so any event of a transaction stands for its end.</param>
    public GateDecision Decide(int table, Gtid? gtid, BinlogCoordinate end)
    {
        var state = _tables[table];
        if (state.State == TableCopyState.Stopped)
        {
            return High.Covers(gtid, end) ? GateDecision.Drop : GateDecision.LeaveOut;
        }

        if (state.State == TableCopyState.Pending || state.Watermark is null || state.Watermark.Covers(gtid, end))
        {
            return GateDecision.Drop;
        }

        return state.State switch
        {
            TableCopyState.Copying or TableCopyState.Copied => GateDecision.Hold,
            TableCopyState.Live when High.Covers(gtid, end) => GateDecision.Drop,
            _ => GateDecision.Apply,
        };
    }

    /// <summary>Where a table is, seen from a DDL statement.</summary>
    internal Ddl.TableStage StageOf(int table, Gtid? gtid, BinlogCoordinate end)
    {
        var state = _tables[table];
        if (state.State == TableCopyState.Stopped)
        {
            return Ddl.TableStage.Stopped;
        }

        bool isLater = state.State != TableCopyState.Pending && state.Watermark is not null && state.Watermark.Covers(gtid, end);
        return isLater ? Ddl.TableStage.Later : Decide(table, gtid, end) switch
        {
            GateDecision.Apply => Ddl.TableStage.Complete,
            _ when state.State == TableCopyState.Live => Ddl.TableStage.Later,
            _ => Ddl.TableStage.Incomplete,
        };
    }

    /// <summary>
    /// True while the destination table may hold rows from later than the stream: changes are then applied as upserts of full images. After it
    /// the table equals the source's at the stream's position and every change must find what it expects.
    /// </summary>
    public bool IsFuzzy(int table) => _tables[table].IsFuzzy(Current, _streamEnd);

    /// <summary>The table was read as of its watermark, not over a time.</summary>
    internal bool WasCopiedAtOnce(int table) => _tables[table] is { Watermark: { } watermark, FuzzyEnd: { } end } && watermark.Covers(end);

    /// <summary>The stream has passed all that is known of what the table's copy has seen: unlike <see cref="IsFuzzy"/> the same in every run.</summary>
    public bool IsCopyPassed(int table) => _tables[table].FuzzyEnd is { } end && Current.Covers(end);

    /// <summary>Sets, for tables that have none, the place of the binary log before which a chunk may have seen rows.</summary>
    public void SetFuzzyBarrier(int table, BinlogCoordinate? barrier) => _tables[table].FuzzyBarrier = barrier;

    /// <summary>Where a table is.</summary>
    public TableCopyState StateOf(int table) => _tables[table].State;

    /// <summary>The transaction is done with: the position now covers it.</summary>
    public void Advance(Gtid? gtid, BinlogCoordinate end)
    {
        Current = Current.With(gtid, end);
        _streamEnd = end;
    }

    /// <summary>Without GTID: the source has nothing more before this place.</summary>
    public void AdvanceTo(BinlogCoordinate end)
    {
        _streamEnd = end;
        if (Current.Coordinate is not null && end > Current.Coordinate)
        {
            Current = SourcePosition.Of(end);
        }
    }

    // Looked at after every transaction, changed a few times in a run.
    private void Recount()
    {
        var tables = _tables.Values;
        HasCatchingUp = tables.Any(t => t.State == TableCopyState.CatchingUp);
        AllLive = tables.All(t => t.State is TableCopyState.Live or TableCopyState.Stopped);
        HasStopped = tables.Any(t => t.State == TableCopyState.Stopped);
        HasUncopied = tables.Any(t => t.State is TableCopyState.Pending or TableCopyState.Copying);
        Waiting = [.. tables.Where(t => t.State == TableCopyState.Copied && !IsHeldBack(t.Number)).Select(t => t.Number)];
    }

    private bool IsHeldBack(int table) =>
        _tiedTo is not null && _tiedTo(table).Any(t => _tables.TryGetValue(t, out var other) && other.State is (TableCopyState.Pending or TableCopyState.Copying));

    private static SourcePosition WatermarkOf(TableCopyRecord record) => record.Watermark ?? throw ReplicationErrors.NoWatermark(record.Number);
}
