using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Turns rows as they come from the source into the stream that LOAD DATA reads: packet to packet, nothing allocated per row. Rows of any size pass in slices.
/// </summary>
internal sealed class RowPump
{
    /// <summary>Sent when so much is buffered.</summary>
    private const int FlushBytes = 256 << 10;

    /// <summary>Rows up to this size are written in one piece; larger ones in slices of it.</summary>
    private const int SliceBytes = 64 << 10;

    private const byte NullField = 251;

    private readonly bool[] _enumColumns;
    private readonly bool _hasEnum;
    private readonly Pace _pace;
    private long _chargedRows;
    private long _chargedBytes;

    // Where in the current large row the next slice begins.
    private int _offset;
    private int _column;
    private int _fieldLeft;

    /// <summary>Creates a pump.</summary>
    /// <param name="enumColumns">True for ENUM columns, by place; its length is the number of columns.</param>
    /// <param name="pace">Limits of rows and bytes; null for none.</param>
    public RowPump(bool[] enumColumns, Pace? pace = null)
    {
        _pace = pace ?? Pace.Free;
        _enumColumns = enumColumns;
        _hasEnum = enumColumns.Contains(true);
    }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes written.</summary>
    public long Bytes { get; private set; }

    /// <summary>ENUM fields with index 0 among them.</summary>
    public long EnumZeros { get; private set; }

    /// <summary>The result set has ended.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Forgets the counts, for the next stream over the same result set.</summary>
    public void Reset()
    {
        Rows = 0;
        Bytes = 0;
        EnumZeros = 0;
        _chargedRows = 0;
        _chargedBytes = 0;
    }

    /// <summary>Pumps until the result set ends or, at the end of a row, so many bytes have been written.</summary>
    /// <param name="rows">Source.</param>
    /// <param name="writer">Destination.</param>
    /// <param name="stopAfterBytes">Limit.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task RunAsync(TextResultSet rows, LocalInfileWriter writer, long stopAfterBytes, CancellationToken cancellationToken)
    {
        while (Bytes < stopAfterBytes)
        {
            if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                AtEnd = true;
                break;
            }

            if (!WriteReceived(rows, writer, stopAfterBytes))
            {
                while (!WriteSlice(rows.CurrentRow, writer))
                {
                    await FlushAsync(writer, cancellationToken).ConfigureAwait(false);
                }

                Rows++;
            }

            if (IsDue(writer))
            {
                await FlushAsync(writer, cancellationToken).ConfigureAwait(false);
            }
        }

        await FlushAsync(writer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Charges what has gathered, then sends it.</summary>
    private async ValueTask FlushAsync(LocalInfileWriter writer, CancellationToken cancellationToken)
    {
        await _pace.ChargeAsync(Rows - _chargedRows, Bytes - _chargedBytes, cancellationToken).ConfigureAwait(false);
        _chargedRows = Rows;
        _chargedBytes = Bytes;
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static int ReadLength(ReadOnlySpan<byte> row, ref int offset)
    {
        int prefix = row[offset] switch { < NullField => 0, 252 => 2, 253 => 3, 254 => 8, _ => throw Malformed() };
        if (row.Length - offset <= prefix)
        {
            throw Malformed();
        }

        ulong length = prefix switch
        {
            0 => row[offset],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(row[(offset + 1)..]),
            3 => row[offset + 1] | ((uint)row[offset + 2] << 8) | ((uint)row[offset + 3] << 16),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(row[(offset + 1)..]),
        };
        offset += 1 + prefix;
        return length <= (ulong)(row.Length - offset) ? (int)length : throw Malformed();
    }

    private static MySqlProtocolException Malformed() => new("A row of the source does not have the fields that were asked for.");

    /// <summary>
    /// Writes the current row and those that have been received after it, until there is enough to send. Most rows pass here, many to a call, so it is compiled once and for all:
    /// the few calls of a small copy would never earn it a second compilation.
    /// </summary>
    /// <returns>False when the current row is a large one and has not been written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WriteReceived(TextResultSet rows, LocalInfileWriter writer, long stopAfterBytes)
    {
        do
        {
            var row = rows.CurrentRow;
            if (row.Length > SliceBytes)
            {
                return false;
            }

            WriteRow(row, writer);
            Rows++;
        }
        while (Bytes < stopAfterBytes && !IsDue(writer) && rows.TryReadBuffered());
        return true;
    }

    private bool IsDue(LocalInfileWriter writer) => writer.Buffered >= FlushBytes || _pace.IsDue(Rows - _chargedRows, Bytes - _chargedBytes);

    private void WriteRow(ReadOnlySpan<byte> row, LocalInfileWriter writer)
    {
        // At worst each byte is escaped, each one-byte NULL becomes \N, and each field has a separator.
        var target = writer.GetSpan((3 * row.Length) + 1);
        int written = 0;
        int offset = 0;
        int column = 0;

        // One search over the whole row instead of one for each field. Lengths may look special, too: then it is searched on from the field.
        int special = FieldEscaper.IndexOfLoadSpecial(row, 0);
        while (offset < row.Length)
        {
            if (column > 0)
            {
                target[written++] = (byte)'\t';
            }

            if (row[offset] == NullField)
            {
                target[written++] = (byte)'\\';
                target[written++] = (byte)'N';
                offset++;
            }
            else
            {
                int length = ReadLength(row, ref offset);
                var field = row.Slice(offset, length);
                if (special < offset)
                {
                    special = FieldEscaper.IndexOfLoadSpecial(row, offset);
                }

                offset += length;
                if (special < offset)
                {
                    written += FieldEscaper.ForLoad(field, target[written..]);
                }
                else
                {
                    field.CopyTo(target[written..]);
                    written += length;
                }

                if (_hasEnum)
                {
                    CountEnumZero(column, field);
                }
            }

            column++;
        }

        EndRow(column);
        target[written++] = (byte)'\n';
        writer.Advance(written);
        Bytes += written;
    }

    /// <summary>Writes the next slice of a large row.</summary>
    /// <returns>True when the row is finished; false when the writer should be flushed first.</returns>
    private bool WriteSlice(ReadOnlySpan<byte> row, LocalInfileWriter writer)
    {
        while (true)
        {
            if (_fieldLeft > 0)
            {
                int length = Math.Min(_fieldLeft, SliceBytes);
                int written = FieldEscaper.ForLoad(row.Slice(_offset, length), writer.GetSpan(length * FieldEscaper.MaxGrowth));
                writer.Advance(written);
                Bytes += written;
                _offset += length;
                _fieldLeft -= length;
            }
            else if (_offset == row.Length)
            {
                EndRow(_column);
                writer.GetSpan(1)[0] = (byte)'\n';
                writer.Advance(1);
                Bytes++;
                _offset = 0;
                _column = 0;
                return true;
            }
            else
            {
                BeginField(row, writer);
            }

            if (writer.Buffered >= FlushBytes)
            {
                return false;
            }
        }
    }

    private void BeginField(ReadOnlySpan<byte> row, LocalInfileWriter writer)
    {
        var target = writer.GetSpan(3);
        int written = 0;
        if (_column > 0)
        {
            target[written++] = (byte)'\t';
        }

        if (row[_offset] == NullField)
        {
            target[written++] = (byte)'\\';
            target[written++] = (byte)'N';
            _offset++;
        }
        else
        {
            _fieldLeft = ReadLength(row, ref _offset);
            CountEnumZero(_column, row.Slice(_offset, _fieldLeft));
        }

        writer.Advance(written);
        Bytes += written;
        _column++;
    }

    private void CountEnumZero(int column, ReadOnlySpan<byte> field)
    {
        if (field.Length == 1 && field[0] == (byte)'0' && column < _enumColumns.Length && _enumColumns[column])
        {
            EnumZeros++;
        }
    }

    private void EndRow(int columns)
    {
        if (columns != _enumColumns.Length)
        {
            throw Malformed();
        }
    }
}
