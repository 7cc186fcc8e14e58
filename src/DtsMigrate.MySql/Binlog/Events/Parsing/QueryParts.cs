using System.Text;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Session settings and database of the QUERY event read last: almost every one is a BEGIN of the same few sessions, and what repeats byte for byte is not made again.</summary>
internal sealed class QueryParts
{
    private byte[] _variables = [];
    private QuerySessionContext? _context;
    private byte[] _databaseBytes = [];
    private string _database = "";

    /// <summary>The settings that these bytes are known to say; null when they are others than the last ones.</summary>
    public QuerySessionContext? FindContext(ReadOnlySpan<byte> variables) => variables.SequenceEqual(_variables) ? _context : null;

    /// <summary>Keeps what was read.</summary>
    public QuerySessionContext Keep(ReadOnlySpan<byte> variables, QuerySessionContext context)
    {
        _variables = variables.ToArray();
        _context = context;
        return context;
    }

    /// <summary>A database name.</summary>
    public string Database(ReadOnlySpan<byte> name)
    {
        if (!name.SequenceEqual(_databaseBytes))
        {
            _databaseBytes = name.ToArray();
            _database = Encoding.UTF8.GetString(name);
        }

        return _database;
    }
}
