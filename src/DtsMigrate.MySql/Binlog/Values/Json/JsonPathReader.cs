using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>Reads the JSON paths of partial updates: members, quoted or not, and elements. Wildcards and ranges never are in them.</summary>
internal ref struct JsonPathReader
{
    // The server's own limit.
    private const int MostLegs = 100;

    private readonly ReadOnlySpan<byte> _path;
    private int _at;

    private JsonPathReader(ReadOnlySpan<byte> path) => _path = path;

    /// <summary>Reads a path.</summary>
    /// <exception cref="MySqlProtocolException">It is malformed.</exception>
    public static List<JsonPathLeg> Read(ReadOnlySpan<byte> path)
    {
        var reader = new JsonPathReader(path);
        if (!reader.TryTake((byte)'$'))
        {
            throw reader.Malformed();
        }

        List<JsonPathLeg> legs = [];
        while (reader._at < path.Length)
        {
            legs.Add(reader.TryTake((byte)'.') ? reader.Member() : reader.Element());
            if (legs.Count > MostLegs)
            {
                throw reader.Malformed();
            }
        }

        return legs;
    }

    private JsonPathLeg Member()
    {
        if (TryTake((byte)'"'))
        {
            return new JsonPathLeg(Quoted(), 0, false);
        }

        int length = _path[_at..].IndexOfAny((byte)'.', (byte)'[');
        var key = length < 0 ? _path[_at..] : _path.Slice(_at, length);
        if (key.IsEmpty)
        {
            throw Malformed();
        }

        _at += key.Length;
        return new JsonPathLeg(key.ToArray(), 0, false);
    }

    // A JSON string.
    private byte[] Quoted()
    {
        List<byte> key = [];
        while (_at < _path.Length)
        {
            byte next = _path[_at++];
            if (next == (byte)'"')
            {
                return [.. key];
            }

            if (next == (byte)'\\')
            {
                Escape(key);
            }
            else
            {
                key.Add(next);
            }
        }

        throw Malformed();
    }

    private void Escape(List<byte> key)
    {
        byte escaped = _at < _path.Length ? _path[_at++] : throw Malformed();
        switch (escaped)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/':
                key.Add(escaped);
                break;
            case (byte)'b':
                key.Add((byte)'\b');
                break;
            case (byte)'f':
                key.Add((byte)'\f');
                break;
            case (byte)'n':
                key.Add((byte)'\n');
                break;
            case (byte)'r':
                key.Add((byte)'\r');
                break;
            case (byte)'t':
                key.Add((byte)'\t');
                break;
            case (byte)'u':
                char unit = CodeUnit();
                if (char.IsHighSurrogate(unit))
                {
                    if (!TryTake((byte)'\\') || !TryTake((byte)'u'))
                    {
                        throw Malformed();
                    }

                    key.AddRange(Encoding.UTF8.GetBytes([unit, CodeUnit()]));
                }
                else
                {
                    key.AddRange(Encoding.UTF8.GetBytes([unit]));
                }

                break;
            default:
                throw Malformed();
        }
    }

    private char CodeUnit()
    {
        const int Digits = 4;
        if (_path.Length - _at < Digits || !ushort.TryParse(_path.Slice(_at, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
        {
            throw Malformed();
        }

        _at += Digits;
        return (char)unit;
    }

    private JsonPathLeg Element()
    {
        if (!TryTake((byte)'['))
        {
            throw Malformed();
        }

        int length = _path[_at..].IndexOf((byte)']');
        if (length < 0)
        {
            throw Malformed();
        }

        var index = _path.Slice(_at, length);
        _at += length + 1;
        bool fromEnd = index.StartsWith("last"u8);
        if (fromEnd)
        {
            index = index[4..];
            if (index.IsEmpty)
            {
                return new JsonPathLeg(null, 0, true);
            }

            if (index[0] != (byte)'-')
            {
                throw Malformed();
            }

            index = index[1..];
        }

        return uint.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? new JsonPathLeg(null, number, fromEnd) : throw Malformed();
    }

    private bool TryTake(byte expected)
    {
        bool found = _at < _path.Length && _path[_at] == expected;
        _at += found ? 1 : 0;
        return found;
    }

    private readonly MySqlProtocolException Malformed() => JsonContainer.Malformed($"the path of a partial update, {Encoding.UTF8.GetString(_path)}");
}
