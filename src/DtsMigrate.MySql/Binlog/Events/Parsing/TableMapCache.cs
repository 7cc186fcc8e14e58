using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>
/// The table maps of the current binlog file by table id. Ids mean nothing in another file, so it is emptied at each. A table map that
/// repeats the bytes of the last one under its id reuses the parsed columns: most transactions touch the same tables again and again.
/// </summary>
internal sealed class TableMapCache(EventPool pool)
{
    private const int SoftLimit = 4096;
    private const long SoftLimitBytes = 16 << 20;
    private const int HardLimit = 65536;

    private readonly Dictionary<ulong, (byte[] Body, TableMapEvent Map)> _maps = [];
    private long _bytes;

    public TableMapEvent? Find(ulong tableId) => _maps.TryGetValue(tableId, out (byte[] Body, TableMapEvent Map) entry) ? entry.Map : null;

    /// <summary>The same map under a new header, when the body is byte for byte the one that is known; else null.</summary>
    public TableMapEvent? Repeat(ulong tableId, ReadOnlySpan<byte> body, in BinlogEventHeader header, BinlogCoordinate end)
    {
        if (!_maps.TryGetValue(tableId, out (byte[] Body, TableMapEvent Map) entry) || !body.SequenceEqual(entry.Body))
        {
            return null;
        }

        // Rows events keep referring to the map that was read first, so that whoever has looked at it need not look again.
        return pool.TakeMap(entry.Map).Repeat(entry.Map, header, end);
    }

    public void Add(TableMapEvent map, ReadOnlySpan<byte> body)
    {
        if (_maps.Count >= HardLimit)
        {
            throw new MySqlProtocolException($"more than {HardLimit} table maps without an end of statement");
        }

        if (_maps.Remove(map.TableId, out (byte[] Body, TableMapEvent Map) old))
        {
            _bytes -= old.Body.Length;
        }

        _maps.Add(map.TableId, (body.ToArray(), map));
        _bytes += body.Length;
    }

    /// <summary>No later rows event may refer to earlier maps, so this is the moment to forget them when there are many.</summary>
    public void EndStatement()
    {
        if (_maps.Count >= SoftLimit || _bytes >= SoftLimitBytes)
        {
            Clear();
        }
    }

    public void Clear()
    {
        _maps.Clear();
        _bytes = 0;
    }
}
