namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// How many workers of this process are at each table. Connections that load the same table wait for each other where pages of its index are split and its file grows, so workers go to the
/// tables that have the fewest.
/// </summary>
internal sealed class TableOccupancy
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, int> _workers = [];

    /// <summary>A worker is at a table, until what is returned is disposed of.</summary>
    public IDisposable Enter(int table)
    {
        lock (_lock)
        {
            _workers[table] = _workers.GetValueOrDefault(table) + 1;
        }

        return new Stay(this, table);
    }

    /// <summary>What to pass over, try by try: first all tables that have a worker, then those that have more, at last none.</summary>
    public IReadOnlyList<IReadOnlyCollection<int>> Tries()
    {
        lock (_lock)
        {
            return [.. _workers.Values.Distinct().Order().Select(n => _workers.Where(w => w.Value >= n).Select(w => w.Key).ToArray()), []];
        }
    }

    private void Leave(int table)
    {
        lock (_lock)
        {
            if (--_workers[table] == 0)
            {
                _workers.Remove(table);
            }
        }
    }

    private sealed class Stay(TableOccupancy owner, int table) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                owner.Leave(table);
            }
        }
    }
}
