using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>
/// The source: transactions reach the binary log first, become visible later and enter gtid_executed later still. Both happen in the order of the
/// binary log for transactions that touch a common table, and in any order for others: gtid_executed has holes.
/// </summary>
internal sealed class ModelSource
{
    private const int Ids = 4;
    private static readonly GtidTag Origin = new(Guid.Parse("11111111-1111-1111-1111-111111111111"), string.Empty);

    private readonly Random _random;
    private readonly bool _gtid;
    private readonly ModelTable[] _final;
    private readonly ModelTable[] _visible;
    private readonly List<bool> _isVisible = [];
    private readonly List<bool> _isExecuted = [];

    public ModelSource(Random random, bool gtid, IEnumerable<bool> tablesHaveKeys)
    {
        _random = random;
        _gtid = gtid;
        _final = [.. tablesHaveKeys.Select(k => new ModelTable(k))];
        for (int i = 0; i < 6; i++)
        {
            int table = random.Next(_final.Length);
            if (NewChange(table) is { Before: null } insert)
            {
                _final[table].TryChange(insert);
            }
        }

        _visible = [.. _final.Select(t => t.Copy())];
    }

    public List<List<ModelChange>> Log { get; } = [];

    public ModelTable Final(int table) => _final[table];

    public ModelTable Visible(int table) => _visible[table];

    public static BinlogCoordinate End(int transaction) => new("b.1", (ulong)(transaction + 1) * 10);

    public Gtid? GtidOf(int transaction) => _gtid ? new Gtid(Origin, transaction + 1) : null;

    /// <summary>A transaction of one to three row changes reaches the binary log.</summary>
    public void Write()
    {
        var changes = new List<ModelChange>();
        int count = 1 + _random.Next(3);
        for (int i = 0; i < count; i++)
        {
            int table = _random.Next(_final.Length);
            if (NewChange(table) is { } change && _final[table].TryChange(change))
            {
                changes.Add(change);
            }
        }

        if (changes.Count > 0)
        {
            Log.Add(changes);
            _isVisible.Add(false);
            _isExecuted.Add(false);
        }
    }

    /// <summary>Some transaction becomes visible, or enters gtid_executed.</summary>
    public void Settle()
    {
        int waiting = Enumerable.Range(0, Log.Count).Where(CanShow).DefaultIfEmpty(-1).ElementAtOrDefault(_random.Next(2));
        if (_random.Next(3) > 0 && waiting >= 0 && waiting < Log.Count && CanShow(waiting))
        {
            Show(waiting);
            return;
        }

        var toExecute = Enumerable.Range(0, Log.Count).Where(i => _isVisible[i] && !_isExecuted[i] && Predecessors(i).All(p => _isExecuted[p])).ToList();
        if (toExecute.Count > 0)
        {
            _isExecuted[toExecute[_random.Next(toExecute.Count)]] = true;
        }
    }

    public void SettleAll()
    {
        for (int i = 0; i < Log.Count; i++)
        {
            if (!_isVisible[i])
            {
                Show(i);
            }

            _isExecuted[i] = true;
        }
    }

    /// <summary>gtid_executed, or the coordinate while commits are held.</summary>
    public SourcePosition ReadPosition()
    {
        if (!_gtid)
        {
            SettleAll();
            return SourcePosition.Of(Log.Count == 0 ? new BinlogCoordinate("b.1", 4) : End(Log.Count - 1));
        }

        var set = GtidSet.Empty;
        for (int i = 0; i < Log.Count; i++)
        {
            set = _isExecuted[i] ? set.With(GtidOf(i)!.Value) : set;
        }

        return SourcePosition.Of(set);
    }

    /// <summary>All that is in the binary log: more than is visible.</summary>
    public SourcePosition ReadBinlogEnd()
    {
        var set = GtidSet.Empty;
        for (int i = 0; i < Log.Count; i++)
        {
            set = set.With(GtidOf(i)!.Value);
        }

        return SourcePosition.Of(set);
    }

    /// <summary>LOCK TABLES ... READ: what is visible of the table is in gtid_executed.</summary>
    public void LockTable(int table)
    {
        int last = Enumerable.Range(0, Log.Count).LastOrDefault(i => _isVisible[i] && Log[i].Exists(c => c.Table == table), -1);
        for (int i = 0; i <= last; i++)
        {
            _isExecuted[i] |= _isVisible[i];
        }
    }

    private bool CanShow(int transaction) => !_isVisible[transaction] && Predecessors(transaction).All(p => _isVisible[p]);

    private IEnumerable<int> Predecessors(int transaction) =>
        Enumerable.Range(0, transaction).Where(i => Log[i].Exists(o => Log[transaction].Exists(c => c.Table == o.Table)));

    private void Show(int transaction)
    {
        foreach (var change in Log[transaction])
        {
            Assert.True(_visible[change.Table].TryChange(change));
        }

        _isVisible[transaction] = true;
    }

    private ModelChange? NewChange(int table)
    {
        var rows = _final[table].Rows;
        var row = (Id: 1 + _random.Next(Ids), Value: _random.Next(3));
        if (rows.Count == 0 || _random.Next(3) == 0)
        {
            return new ModelChange(table, null, row);
        }

        var before = rows[_random.Next(rows.Count)];
        return _random.Next(4) switch
        {
            0 => new ModelChange(table, before, null),
            1 => new ModelChange(table, before, row),
            _ => new ModelChange(table, before, (before.Id, row.Value)),
        };
    }
}
