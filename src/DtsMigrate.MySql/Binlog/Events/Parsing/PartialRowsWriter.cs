using System.Buffers;
using System.Buffers.Binary;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>
/// Makes the rows of a PARTIAL_UPDATE_ROWS event (39) those of an UPDATE_ROWS event: each JSON value of an after image that is given as changes is made from the
/// before image. Where the before image does not have the column, it is left out of the after image, too, as if the source had not logged it.
/// </summary>
/// <remarks>
/// MySQL source documentation, "Rows_event": between before and after image stand the value options and, where they say so, one bit for each JSON
/// column of the table, in an image or not.
/// </remarks>
internal sealed class PartialRowsWriter
{
    private const ulong PartialJson = 1;
    private const int Absent = -2;
    private const int Null = -1;

    private readonly TableMapEvent _table;
    private readonly ReadOnlyMemory<byte> _rows;
    private readonly byte[] _before;
    private readonly byte[] _after;
    private readonly int[] _sizes;
    private readonly (int Start, int Length)[] _beforeValues;
    private readonly int _jsonColumns;
    private readonly ArrayBufferWriter<byte> _output;
    private readonly ArrayBufferWriter<byte> _document = new();
    private int _at;

    private PartialRowsWriter(TableMapEvent table, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, ReadOnlyMemory<byte> rows)
    {
        _table = table;
        _rows = rows;
        _before = before.ToArray();
        _after = after.ToArray();
        _sizes = [.. table.Columns.Select(ColumnSize.Of)];
        _beforeValues = new (int, int)[_sizes.Length];
        _jsonColumns = table.Columns.Count(static c => c.Type == BinlogColumnType.Json);
        _output = new ArrayBufferWriter<byte>(Math.Max(16, rows.Length + (rows.Length / 2)));
    }

    /// <summary>Reads the rows.</summary>
    /// <param name="table">Table map.</param>
    /// <param name="before">Columns of the before image.</param>
    /// <param name="after">Columns of the after image; what had to be left out is cleared.</param>
    /// <param name="rows">The rows of the event.</param>
    /// <returns>The rows of an UPDATE_ROWS event.</returns>
    /// <exception cref="MySqlProtocolException">The rows are malformed, or the changes do not fit.</exception>
    public static ReadOnlyMemory<byte> Complete(TableMapEvent table, ReadOnlySpan<byte> before, Span<byte> after, ReadOnlyMemory<byte> rows)
    {
        var writer = new PartialRowsWriter(table, before, after, rows);
        for (int column = 0; column < table.Columns.Count; column++)
        {
            if (table.Columns[column].Type == BinlogColumnType.Json && !IsSet(before, column))
            {
                after[column >> 3] &= (byte)~(1 << (column & 7));
            }
        }

        while (writer._at < rows.Length)
        {
            int start = writer._at;
            writer.ReadBefore();
            writer.WriteAfter(after);
            if (writer._at == start)
            {
                throw new MySqlProtocolException("rows without columns, but bytes are left");
            }
        }

        return writer._output.WrittenMemory;
    }

    private void ReadBefore()
    {
        int start = _at;
        var nulls = Take((Count(_before) + 7) / 8).Span;
        for (int column = 0, index = 0; column < _sizes.Length; column++)
        {
            if (!IsSet(_before, column))
            {
                _beforeValues[column] = (0, Absent);
            }
            else if (IsSet(nulls, index++))
            {
                _beforeValues[column] = (0, Null);
            }
            else
            {
                int length = Length(_sizes[column]);
                _beforeValues[column] = (_at, length);
                Take(length);
            }
        }

        _output.Write(_rows.Span[start.._at]);
    }

    private void WriteAfter(ReadOnlySpan<byte> kept)
    {
        ulong options = Packed();
        if ((options & ~PartialJson) != 0)
        {
            throw new MySqlProtocolException($"value options {options} are not known");
        }

        var partial = (options & PartialJson) != 0 ? Take((_jsonColumns + 7) / 8).Span : default;
        var nulls = Take((Count(_after) + 7) / 8).Span;
        WriteNulls(nulls, kept);
        for (int column = 0, index = 0, json = 0; column < _sizes.Length; column++)
        {
            bool isPartial = _table.Columns[column].Type == BinlogColumnType.Json && !partial.IsEmpty && IsSet(partial, json++);
            if (!IsSet(_after, column) || IsSet(nulls, index++))
            {
                continue;
            }

            int start = _at;
            var value = Take(Length(_sizes[column]));
            if (!IsSet(kept, column))
            {
                continue;
            }

            if (isPartial)
            {
                WritePartial(column, value);
            }
            else
            {
                _output.Write(_rows.Span[start.._at]);
            }
        }
    }

    private void WriteNulls(ReadOnlySpan<byte> nulls, ReadOnlySpan<byte> kept)
    {
        int length = (Count(kept) + 7) / 8;
        var output = _output.GetSpan(length)[..length];
        output.Clear();
        for (int column = 0, index = 0, place = 0; column < _sizes.Length; column++)
        {
            bool isNull = IsSet(_after, column) && IsSet(nulls, index++);
            if (IsSet(kept, column))
            {
                output[place >> 3] |= (byte)(isNull ? 1 << (place & 7) : 0);
                place++;
            }
        }

        _output.Advance(length);
    }

    private void WritePartial(int column, ReadOnlyMemory<byte> diffs)
    {
        var (start, length) = _beforeValues[column];
        if (length < 0)
        {
            throw new MySqlProtocolException($"a partial update of column {column + 1}, which is NULL before");
        }

        _document.ResetWrittenCount();
        JsonDiffs.Apply(_rows.Slice(start, length), diffs, _document);
        int prefix = -_sizes[column];
        if (prefix < sizeof(uint) && _document.WrittenCount >> (8 * prefix) != 0)
        {
            throw new MySqlProtocolException($"a partial update makes column {column + 1} too long");
        }

        Span<byte> size = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32LittleEndian(size, _document.WrittenCount);
        _output.Write(size[..prefix]);
        _output.Write(_document.WrittenSpan);
    }

    /// <summary>Length of the value that comes next, its length bytes taken.</summary>
    private int Length(int size)
    {
        if (size >= 0)
        {
            return size;
        }

        long length = 0;
        var bytes = Take(-size).Span;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            length = (length << 8) | bytes[i];
        }

        return length <= _rows.Length ? (int)length : throw CutOff();
    }

    private ulong Packed()
    {
        var rest = new EventReader(_rows.Span[_at..]);
        ulong value = rest.PackedInteger();
        _at += rest.Position;
        return value;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > _rows.Length - _at)
        {
            throw CutOff();
        }

        var bytes = _rows.Slice(_at, count);
        _at += count;
        return bytes;
    }

    private int Count(ReadOnlySpan<byte> bitmap)
    {
        int count = 0;
        for (int column = 0; column < _sizes.Length; column++)
        {
            count += IsSet(bitmap, column) ? 1 : 0;
        }

        return count;
    }

    private static bool IsSet(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] & (1 << (index & 7))) != 0;

    private static MySqlProtocolException CutOff() => new("its rows are cut off");
}
