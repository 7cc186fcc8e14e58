using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>The stream and the applier around the real gate, in single steps: open, one row change, end of transaction, commit.</summary>
internal sealed class ModelReplicator(Random random, ModelSource source, ModelDestination destination, ProtocolRules rules, bool gtid)
{
    private readonly Dictionary<int, BinlogCoordinate> _barriers = [];
    private readonly List<(ModelChange Change, bool Fuzzy)> _pending = [];
    private Gate? _gate;
    private SourcePosition? _openedAt;
    private int _transaction;
    private int _change;
    private int _positionAhead;

    /// <summary>A strict change did not find what it expected: the real applier would have stopped for nothing.</summary>
    public bool Conflicted { get; private set; }

    public bool IsDone => _gate is { AllLive: true } && _pending.Count == 0 && NextTransaction() >= source.Log.Count;

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
    }

    public void Step()
    {
        if (_gate is null)
        {
            Open();
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

        _gate = new Gate(destination.Applied ?? Gate.FirstPass(waiting), destination.Records);
        Begin();
    }

    private void Begin()
    {
        if (!_gate!.HasCatchingUp && _gate.Waiting.Count > 0)
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
                _gate.SetFuzzyBarrier(record.Number, _barriers[record.Number]);
            }
        }

        _openedAt = _gate.Current;
        _transaction = 0;
        _change = 0;
        if (_gate.IsPassComplete)
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
        if (_gate.IsPassComplete || random.Next(3) == 0)
        {
            Commit();
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
        destination.Applied = new AppliedRecord(_gate!.Current, _gate.High, 0);
        _pending.Clear();
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
