using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;

namespace DtsMigrate.Engine.Replication;

/// <summary>Counts row changes that are left out, source transaction by source transaction: of stopped tables, of kinds that are not selected, of tables whose names came by such kinds of DDL.</summary>
internal sealed class LeftOutRows
{
    private readonly RowsReader _counter = new();
    private readonly Dictionary<int, long> _tables = [];
    private readonly Dictionary<int, long> _tablesNow = [];
    private long _now;

    /// <summary>Those of whole transactions that are not written yet: to be written with the position behind them.</summary>
    public long Total { get; private set; }

    /// <summary>Those of tables of the task among them, by table number.</summary>
    public IReadOnlyDictionary<int, long> Tables => _tables;

    /// <summary>The rows of an event are left out.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="table">Number of its table; null for none of the task's.</param>
    public void Add(RowsEvent rows, int? table)
    {
        long count = 0;
        for (_counter.Reset(rows); _counter.Read();)
        {
            count++;
        }

        _now += count;
        if (table is { } number)
        {
            _tablesNow[number] = _tablesNow.GetValueOrDefault(number) + count;
        }
    }

    /// <summary>A source transaction is complete.</summary>
    public void TransactionEnds()
    {
        if (_now == 0)
        {
            return;
        }

        Total += _now;
        _now = 0;
        foreach (var (table, count) in _tablesNow)
        {
            _tables[table] = _tables.GetValueOrDefault(table) + count;
        }

        _tablesNow.Clear();
    }

    /// <summary>They are written.</summary>
    public void Written()
    {
        Total = 0;
        _tables.Clear();
    }
}
