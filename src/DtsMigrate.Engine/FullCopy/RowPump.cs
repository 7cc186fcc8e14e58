using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Throttling;
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

    /// <summary>Writes the current row and those that have been received after it, until there is enough to send.</summary>
    /// <returns>False when the current row is a large one and has not been written.</returns>
    private bool WriteReceived(TextResultSet rows, LocalInfileWriter writer, long stopAfterBytes)
    {
        do
        {
            var row = rows.CurrentRow;
            if (row.Length > SliceBytes)
            {
                return false;
            }

            int written = WriteRow(row, writer.GetSpan(RowText.MaxLength(row.Length)));
            writer.Advance(written);
            Bytes += written;
            Rows++;
            WriteUnread(rows, writer, stopAfterBytes);
        }
        while (Bytes < stopAfterBytes && !IsDue(writer) && rows.TryReadBuffered());
        return true;
    }

    /// <summary>
    /// Writes rows straight from the packets that have been received; what is not a small row is left for the result set to read, and so is the row that may reach the limit: where the stream ends
    /// early, its last row is the current one, by whose key the rest is found.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteUnread(TextResultSet rows, LocalInfileWriter writer, long stopAfterBytes)
    {
        var received = rows.PeekReceived();
        long mostRows = _pace.PortionOfRows - (Rows - _chargedRows);
        long mostBytes = Math.Min(Math.Min(stopAfterBytes - Bytes, FlushBytes - writer.Buffered), _pace.PortionOfBytes - (Bytes - _chargedBytes));
        if (mostBytes <= 0)
        {
            return;
        }

        var target = writer.GetSpan((int)mostBytes + RowText.MaxLength(SliceBytes));
        int written = 0;
        long limit = stopAfterBytes - Bytes;
        while (written < mostBytes && received.Count < mostRows && received.TryNext(LongestBelow(limit - written), out var row))
        {
            written += WriteRow(row, target[written..]);
        }

        rows.SkipReceived(received);
        writer.Advance(written);
        Bytes += written;
        Rows += received.Count;
    }

    // The longest row whose line surely has fewer bytes than these.
    private static int LongestBelow(long bytes) => bytes > RowText.MaxLength(SliceBytes) ? SliceBytes : (int)((bytes - 2) / 3);

    private int WriteRow(ReadOnlySpan<byte> row, Span<byte> target)
    {
        int written = RowText.Write(row, target, _enumColumns.Length);
        if (_hasEnum)
        {
            CountEnumZeros(row);
        }

        return written;
    }

    private void CountEnumZeros(ReadOnlySpan<byte> row)
    {
        int column = 0;
        int offset = 0;
        while (offset < row.Length)
        {
            if (row[offset] == RowText.NullField)
            {
                offset++;
            }
            else
            {
                int length = RowText.ReadLength(row, ref offset);
                CountEnumZero(column, row.Slice(offset, length));
                offset += length;
            }

            column++;
        }
    }

    private bool IsDue(LocalInfileWriter writer) => writer.Buffered >= FlushBytes || _pace.IsDue(Rows - _chargedRows, Bytes - _chargedBytes);

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
                if (_column != _enumColumns.Length)
                {
                    throw RowText.Malformed();
                }

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

        if (row[_offset] == RowText.NullField)
        {
            target[written++] = (byte)'\\';
            target[written++] = (byte)'N';
            _offset++;
        }
        else
        {
            _fieldLeft = RowText.ReadLength(row, ref _offset);
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
}
