using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// For each table a place of the binary log, read after its copy's last chunk. A GTID enters gtid_executed a moment after its transaction is
/// visible, so a chunk may have seen rows of a transaction that E(T) does not hold; but what was visible is before this place. Kept for the
/// life of the process, for as long as the source is the same server.
/// </summary>
internal sealed class FuzzyBarriers
{
    private readonly Dictionary<int, BinlogCoordinate> _places = [];
    private string? _server;

    /// <summary>The table is copied anew: its barrier was the old copy's.</summary>
    public void Forget(int table) => _places.Remove(table);

    /// <summary>Gives each copied table its barrier.</summary>
    /// <param name="gate">Gate to set.</param>
    /// <param name="tables">Tables whose copy has ended.</param>
    /// <param name="end">End of the source's binary log now.</param>
    /// <param name="serverUuid">The source now.</param>
    public void Set(Gate gate, IEnumerable<int> tables, BinlogCoordinate end, string serverUuid)
    {
        if (_server != serverUuid)
        {
            _places.Clear();
            _server = serverUuid;
        }

        foreach (int table in tables)
        {
            _places.TryAdd(table, end);
            gate.SetFuzzyBarrier(table, _places[table]);
        }
    }
}
