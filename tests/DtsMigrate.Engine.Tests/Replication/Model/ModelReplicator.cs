using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>The stream and the applier around the real gate, in single steps: open, one row change, end of transaction, commit.</summary>
internal sealed class ModelReplicator(Random random, ModelSource source, ModelDestination destination, ProtocolRules rules, bool gtid)
{
    private readonly Dictionary<int, BinlogCoordinate> _barriers = [];
    private readonly List<(ModelChange Change, bool Fuzzy)> _pending = [];
    private readonly bool[] _unrecorded = new bool[ModelSlots.Count];
    private Gate? _gate;
    private SourcePosition? _openedAt;
    private int _transaction;
    private int _change;
    private int _positionAhead;
    private ModelSlots? _slots;
    private bool _recovers;
    private int _marked = -1;

    /// <summary>A strict change did not find what it expected: the real applier would have stopped for nothing.</summary>
    public bool Conflicted { get; private set; }

    public bool IsDone => _gate is { AllLive: true } && _pending.Count == 0 && _slots is null && destination.Window is null && NextTransaction() >= source.Log.Count;

    public void Crash()
    {
        Close();
        _barriers.Clear();
    }

    /// <summary>Connection lost: everything but the barriers is forgotten.</summary>
    public void Close()
    {
        _gate = null;
        _pending.Clear();
        _change = 0;
        _positionAhead = 0;
        _slots = null;
        _recovers = false;
        _marked = -1;
        Array.Clear(_unrecorded);
    }

    public void Step()
    {
        if (_gate is null)
        {
            Open();
            return;
        }

        if (_slots is not null)
        {
            WriteSlot();
            return;
        }

        if (_recovers)
        {
            Recover();
            return;
        }

        if (_change == 0 && !_gate.HasCatchingUp && random.Next(3) == 0)
        {
            _gate.Refresh(destination.Records);
            if (_gate.Waiting.Count > 0)
            {
                Commit();
                Begin();
                return;
            }
        }

        int next = NextTransaction();
        if (next < source.Log.Count)
        {
            Apply(next);
        }
        else if (_pending.Count > 0)
        {
            Commit();
        }
    }

    private void Open()
    {
        var waiting = destination.Records.Where(r => r.State == TableCopyState.Copied).ToList();
        if (destination.Applied is null && waiting.Count == 0)
        {
            return;
        }

        SettleWindow();
        _gate = new Gate(destination.Applied ?? Gate.FirstPass(waiting), destination.Records);
        _recovers = destination.Window is not null;
        Begin();
    }

    private void SettleWindow()
    {
        if (destination.Window is not { } window)
        {
            return;
        }

        if (window.Done.All(done => done))
        {
            destination.Applied = new AppliedRecord(window.End, destination.Applied!.High, 0);
            destination.Window = null;
        }
        else if (!window.Done.Any(done => done))
        {
            destination.Window = null;
        }
    }

    // Up to the window's end and no further, whatever has come since.
    private void Recover()
    {
        int next = NextTransaction();
        bool isRead = rules.WindowToItsEnd ? _gate!.Current.Covers(destination.Window!.End) : next >= source.Log.Count;
        if (!isRead || _change > 0)
        {
            Apply(next);
            return;
        }

        if (!rules.DoneSkipped)
        {
            Array.Clear(destination.Window!.Done);
        }

        _slots = new ModelSlots(_pending, rules);
    }

    private bool MaySlice() => destination.Applied is not null && _pending.Count > 0 && _pending.TrueForAll(p => destination.Tables[p.Change.Table].HasKey);

    private void Slice()
    {
        _slots = new ModelSlots(_pending, rules);
        if (rules.WindowRecorded)
        {
            destination.Window = new ModelWindow(_gate!.Current, new bool[ModelSlots.Count]);
        }
    }

    // One step: one slot's transaction, or the position once all are there.
    private void WriteSlot()
    {
        var done = destination.Window?.Done ?? _unrecorded;
        var open = Enumerable.Range(0, ModelSlots.Count).Where(slot => !done[slot] || slot == _marked).ToList();
        if (open.Count == 0)
        {
            _slots = null;
            Array.Clear(_unrecorded);
            _recovers = false;
            _pending.Clear();
            destination.Window = null;
            CommitPosition();
            return;
        }

        int slot = _marked >= 0 ? _marked : open[random.Next(open.Count)];
        if (!rules.MarkWithRows && _marked < 0)
        {
            // The mutant marks the slot first, and writes its rows in a transaction of their own.
            done[slot] = true;
            _marked = slot;
            return;
        }

        if (_slots!.Write(slot, destination.Tables) is not { } written)
        {
            Conflicted = true;
            return;
        }

        destination.Tables = written;
        done[slot] = true;
        _marked = -1;
    }

    private void Begin()
    {
        if (!_recovers && !_gate!.HasCatchingUp && _gate.Waiting.Count > 0)
        {
            var waiting = _gate.Waiting;
            var plan = _gate.PlanPass(0);
            plan = rules.TakeBack ? plan : plan with { Current = plan.High };
            destination.Applied = plan;
            foreach (int number in waiting)
            {
                SetState(number, TableCopyState.CatchingUp);
            }

            _gate.BeginPass(plan, waiting);
        }

        foreach (var record in destination.Records.Where(r => r.State is TableCopyState.CatchingUp or TableCopyState.Live))
        {
            if (gtid && rules.Barrier)
            {
                _barriers.TryAdd(record.Number, source.Log.Count == 0 ? new BinlogCoordinate("b.1", 4) : ModelSource.End(source.Log.Count - 1));
                _gate!.SetFuzzyBarrier(record.Number, _barriers[record.Number]);
            }
        }

        _openedAt = _gate!.Current;
        _transaction = 0;
        _change = 0;
        if (_gate.IsPassComplete && !_recovers)
        {
            Commit();
        }
    }

    private int NextTransaction()
    {
        int next = _transaction;
        while (next < source.Log.Count && _openedAt!.Covers(source.GtidOf(next), ModelSource.End(next)))
        {
            next++;
        }

        return next;
    }

    private void Apply(int transaction)
    {
        _transaction = transaction;
        var changes = source.Log[transaction];
        if (_change < changes.Count)
        {
            var change = changes[_change++];
            var decision = _gate!.Decide(change.Table + 1, source.GtidOf(transaction), ModelSource.End(transaction));
            bool apply = decision == GateDecision.Apply
                || (!rules.Hold && decision == GateDecision.Hold)
                || (!rules.High && decision == GateDecision.Drop && _gate.StateOf(change.Table + 1) == TableCopyState.Live
                    && !destination.Records[change.Table].Watermark!.Covers(source.GtidOf(transaction), ModelSource.End(transaction)));
            if (apply)
            {
                _pending.Add((change, rules.Upsert && _gate.IsFuzzy(change.Table + 1)));
            }

            return;
        }

        _gate!.Advance(source.GtidOf(transaction), ModelSource.End(transaction));
        _transaction++;
        _change = 0;
        if (!_recovers && (_gate.IsPassComplete || random.Next(3) == 0))
        {
            if (random.Next(2) == 0 && MaySlice())
            {
                Slice();
            }
            else
            {
                Commit();
            }
        }
    }

    private void Commit()
    {
        if (!rules.PositionWithRows && _positionAhead == 0 && _pending.Count > 0)
        {
            // The mutant writes the position first, and the rows in a step of their own.
            destination.Applied = new AppliedRecord(_gate!.Current, _gate.High, 0);
            _positionAhead = 1;
            return;
        }

        _positionAhead = 0;
        var tables = destination.Tables.Select(t => t.Copy()).ToArray();
        foreach (var (change, fuzzy) in _pending)
        {
            if (fuzzy && tables[change.Table].HasKey)
            {
                tables[change.Table].Upsert(change);
            }
            else if (!tables[change.Table].TryChange(change))
            {
                Conflicted = true;
                return;
            }
        }

        destination.Tables = tables;
        _pending.Clear();
        CommitPosition();
    }

    private void CommitPosition()
    {
        destination.Applied = new AppliedRecord(_gate!.Current, _gate.High, 0);
        if (_gate.IsPassComplete)
        {
            foreach (var record in destination.Records.Where(r => r.State == TableCopyState.CatchingUp).ToList())
            {
                SetState(record.Number, TableCopyState.Live);
            }

            _gate.CompletePass();
        }
    }

    private void SetState(int number, TableCopyState state) =>
        destination.Records[number - 1] = destination.Records[number - 1] with { State = state };
}
