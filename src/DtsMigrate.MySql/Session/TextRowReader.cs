using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Session;

/// <summary>Walks the fields of one text-protocol row without copying (Protocol::ResultsetRow). Valid until the next row is read.</summary>
public ref struct TextRowReader
{
    private readonly ReadOnlySpan<byte> _row;
    private int _offset;

    /// <summary>Starts at the first field of a row payload.</summary>
    public TextRowReader(ReadOnlySpan<byte> row)
    {
        _row = row;
        _offset = 0;
    }

    /// <summary>True when every field has been read.</summary>
    public readonly bool AtEnd => _offset == _row.Length;

    /// <summary>Reads the next field.</summary>
    /// <param name="value">The bytes; empty when NULL.</param>
    /// <returns>False when the field is NULL.</returns>
    /// <exception cref="MySqlProtocolException">The row ends inside a field.</exception>
    public bool ReadField(out ReadOnlySpan<byte> value)
    {
        var rest = _row[_offset..];
        if (rest.IsEmpty)
        {
            throw Truncated();
        }

        int first = rest[0];
        if (first < 251)
        {
            if (rest.Length <= first)
            {
                throw Truncated();
            }

            value = rest.Slice(1, first);
            _offset += 1 + first;
            return true;
        }

        if (first == 251)
        {
            value = default;
            _offset++;
            return false;
        }

        return ReadLongField(rest, out value);
    }

    private bool ReadLongField(ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        int prefix = rest[0] switch { 252 => 2, 253 => 3, 254 => 8, _ => throw new MySqlProtocolException("A text row holds the length byte 0xFF.") };
        if (rest.Length < 1 + prefix)
        {
            throw Truncated();
        }

        ulong length = 0;
        for (int i = 0; i < prefix; i++)
        {
            length |= (ulong)rest[1 + i] << (8 * i);
        }

        if (length > (ulong)(rest.Length - 1 - prefix))
        {
            throw Truncated();
        }

        value = rest.Slice(1 + prefix, (int)length);
        _offset += 1 + prefix + (int)length;
        return true;
    }

    private static MySqlProtocolException Truncated() => new("A text row ends inside a field.");
}
