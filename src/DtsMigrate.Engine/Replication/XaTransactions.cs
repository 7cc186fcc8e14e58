using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// XA transactions whose rows were read in this pass. The rows are in the binary log at PREPARE, and become visible at COMMIT, a transaction of its own
/// that may come much later: only then are they applied. Few bytes of rows are kept; those of larger transactions are read again from the log.
/// </summary>
internal sealed class XaTransactions
{
    private const long MostBytes = 16 << 20;
    private const int EventOverhead = 256;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private long _bytes;

    /// <summary>One form for the ways in which statements and events write an xid.</summary>
    public static bool IsSame(string xid, string other) => string.Equals(Normalize(xid), Normalize(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>XA START.</summary>
    /// <param name="xid">Xid.</param>
    /// <param name="start">Where its first event begins; null when that is not known.</param>
    public void Begin(string xid, BinlogCoordinate? start)
    {
        Forget(xid);
        _entries.Add(Normalize(xid), new Entry(start));
    }

    /// <summary>A change of a table of the task.</summary>
    public void Add(string xid, RowsEvent rows)
    {
        var entry = _entries[Normalize(xid)];
        entry.HasRows = true;
        if (entry.Rows is null)
        {
            return;
        }

        long bytes = rows.Rows.Length + EventOverhead;
        if (_bytes + bytes > MostBytes && entry.Start is not null)
        {
            _bytes -= entry.Bytes;
            entry.Rows = null;
            entry.Bytes = 0;
            return;
        }

        _bytes += bytes;
        entry.Bytes += bytes;
        entry.Rows.Add(rows.Detach());
    }

    /// <summary>What is known of a transaction; null when its PREPARE was not read in this pass.</summary>
    public Entry? Find(string xid) => _entries.GetValueOrDefault(Normalize(xid));

    /// <summary>It has ended.</summary>
    public void Forget(string xid)
    {
        if (_entries.Remove(Normalize(xid), out var entry))
        {
            _bytes -= entry.Bytes;
        }
    }

    private static string Normalize(string xid) => xid.Replace(" ", string.Empty, StringComparison.Ordinal);

    /// <summary>An XA transaction.</summary>
    /// <param name="start">Where its first event begins.</param>
    internal sealed class Entry(BinlogCoordinate? start)
    {
        /// <summary>Where its first event begins; null when that is not known.</summary>
        public BinlogCoordinate? Start { get; } = start;

        /// <summary>It changes tables of the task.</summary>
        public bool HasRows { get; set; }

        /// <summary>The changes of tables of the task; null when they are too many to be kept.</summary>
        public List<RowsEvent>? Rows { get; set; } = [];

        /// <summary>Bytes kept.</summary>
        public long Bytes { get; set; }
    }
}
