using System.Buffers.Binary;
using System.Numerics;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>Walks the rows of a rows event. Reuse one per thread: it keeps its offset arrays. Allocates nothing per row.</summary>
public sealed class RowsReader
{
    private IReadOnlyList<TableMapColumn>? _columns;
    private int[] _sizes = [];
    private RowImage.Cell[] _before = [];
    private RowImage.Cell[] _after = [];
    private RowsEvent? _event;
    private int _position;
    private int _beforeStart;
    private int _afterStart;
    private bool _onRow;
    private bool _emptyRowPending;

    /// <summary>Starts on an event.</summary>
    /// <exception cref="MySqlProtocolException">The event's column bitmaps do not fit its table map.</exception>
    public void Reset(RowsEvent rows)
    {
        _event = null;
        IReadOnlyList<TableMapColumn> columns = rows.Table.Columns;
        Use(columns);
        int bitmap = (columns.Count + 7) / 8;
        bool hasBefore = rows.Kind != RowChangeKind.Insert, hasAfter = rows.Kind != RowChangeKind.Delete;
        if (rows.BeforeColumns.Length != (hasBefore ? bitmap : 0) || rows.AfterColumns.Length != (hasAfter ? bitmap : 0))
        {
            throw new MySqlProtocolException("a rows event whose column bitmaps do not fit its table map");
        }

        _event = rows;
        _position = 0;
        _onRow = false;

        // An INSERT of nothing but defaults under binlog_row_image=MINIMAL logs no column at all: one row of no bytes.
        _emptyRowPending = rows.Rows.IsEmpty
            && rows.BeforeColumns.Span.IndexOfAnyExcept((byte)0) < 0 && rows.AfterColumns.Span.IndexOfAnyExcept((byte)0) < 0;
    }

    /// <summary>Moves to the next row.</summary>
    /// <returns>False after the last.</returns>
    /// <exception cref="MySqlProtocolException">The images do not fit the table map.</exception>
    /// <exception cref="InvalidOperationException">No event was given, or the last one failed.</exception>
    public bool Read()
    {
        RowsEvent rows = _event ?? throw new InvalidOperationException("Reset the reader on an event first.");
        ReadOnlySpan<byte> bytes = rows.Rows.Span;
        if (_position >= bytes.Length && !_emptyRowPending)
        {
            _onRow = false;
            return false;
        }

        int start = _position;
        _beforeStart = start;
        try
        {
            if (rows.Kind != RowChangeKind.Insert)
            {
                ReadImage(bytes, rows.BeforeColumns.Span, _before);
            }

            _afterStart = _position;
            if (rows.Kind != RowChangeKind.Delete)
            {
                ReadImage(bytes, rows.AfterColumns.Span, _after);
            }

            if (_position == start && !_emptyRowPending)
            {
                throw Malformed(rows, "rows without columns, but bytes are left");
            }
        }
        catch (MySqlProtocolException)
        {
            _event = null;
            _onRow = false;
            throw;
        }

        _emptyRowPending = false;
        _onRow = true;
        return true;
    }

    /// <summary>Before image of the current row (UPDATE, DELETE). Valid until the next Read.</summary>
    public RowImage Before => Image(RowChangeKind.Insert, _before);

    /// <summary>After image of the current row (INSERT, UPDATE). Valid until the next Read.</summary>
    public RowImage After => Image(RowChangeKind.Delete, _after);

    /// <summary>Bytes of the before image of the current row; empty for INSERT. For <see cref="Load"/>.</summary>
    public ReadOnlySpan<byte> BeforeBytes => _onRow && _event is { } rows ? rows.Rows.Span[_beforeStart.._afterStart] : throw NoRow();

    /// <summary>Bytes of the after image of the current row; empty for DELETE. For <see cref="Load"/>.</summary>
    public ReadOnlySpan<byte> AfterBytes => _onRow && _event is { } rows ? rows.Rows.Span[_afterStart.._position] : throw NoRow();

    /// <summary>Reads an image that was kept. The reader then has no current row any more; the image is valid until its next use.</summary>
    /// <param name="map">Table map that the image was read under, or one with the same columns.</param>
    /// <param name="present">Columns in the image, one bit each.</param>
    /// <param name="image">What <see cref="BeforeBytes"/> or <see cref="AfterBytes"/> gave.</param>
    /// <exception cref="MySqlProtocolException">The image does not fit the table map.</exception>
    public RowImage Load(TableMapEvent map, ReadOnlySpan<byte> present, ReadOnlySpan<byte> image)
    {
        _onRow = false;
        _event = null;
        Use(map.Columns);
        _position = 0;
        ReadImage(image, present, _after);
        return new RowImage(image, _after);
    }

    private static InvalidOperationException NoRow() => new("There is no current row.");

    private static MySqlProtocolException Malformed(RowsEvent? rows, string what) =>
        rows is null
            ? new MySqlProtocolException($"A row image that was kept: {what}.")
            : new MySqlProtocolException($"Rows event of {rows.Table.Database}.{rows.Table.Table} that ends at {rows.End}: {what}.") { Target = rows.End.ToString() };

    private void Use(IReadOnlyList<TableMapColumn> columns)
    {
        if (ReferenceEquals(columns, _columns))
        {
            return;
        }

        // Almost always the same few tables in turn: arrays are kept as long as they are large enough.
        _columns = null;
        if (_sizes.Length != columns.Count)
        {
            _sizes = new int[columns.Count];
            _before = new RowImage.Cell[columns.Count];
            _after = new RowImage.Cell[columns.Count];
        }

        for (int i = 0; i < _sizes.Length; i++)
        {
            _sizes[i] = ColumnSize.Of(columns[i]);
        }

        _columns = columns;
    }

    private RowImage Image(RowChangeKind without, RowImage.Cell[] cells)
    {
        if (!_onRow || _event is not { } rows)
        {
            throw NoRow();
        }

        return rows.Kind == without ? default : new RowImage(rows.Rows.Span, cells);
    }

    /// <summary>Bits for NULL, one for each column present, then the values of those that are present and not NULL.</summary>
    private void ReadImage(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> present, RowImage.Cell[] cells)
    {
        int[] sizes = _sizes;
        int presentCount = CountPresent(present, cells.Length);
        int nullBytes = (presentCount + 7) / 8;
        if (bytes.Length - _position < nullBytes)
        {
            throw Malformed(_event, "the NULL bits are cut off");
        }

        ReadOnlySpan<byte> nulls = bytes.Slice(_position, nullBytes);
        int position = _position + nullBytes;
        int index = 0;
        if (presentCount == cells.Length && sizes.Length == cells.Length && nulls.IndexOfAnyExcept((byte)0) < 0)
        {
            ReadFull(bytes, position, cells);
            return;
        }

        for (int column = 0; column < cells.Length; column++)
        {
            if ((present[column >> 3] & (1 << (column & 7))) == 0)
            {
                cells[column] = new RowImage.Cell(0, RowImage.Cell.Absent);
                continue;
            }

            bool isNull = (nulls[index >> 3] & (1 << (index & 7))) != 0;
            index++;
            if (isNull)
            {
                cells[column] = new RowImage.Cell(0, RowImage.Cell.Null);
                continue;
            }

            int size = sizes[column];
            long length = size;
            if (size < 0)
            {
                if (bytes.Length - position < -size)
                {
                    throw CutOff(column);
                }

                length = 0;
                for (int i = -size - 1; i >= 0; i--)
                {
                    length = (length << 8) | bytes[position + i];
                }

                position -= size;
            }

            if (length > bytes.Length - position)
            {
                throw CutOff(column);
            }

            cells[column] = new RowImage.Cell(position, (int)length);
            position += (int)length;
        }

        _position = position;
    }

    // An image of all columns without a NULL: what most rows are.
    private void ReadFull(ReadOnlySpan<byte> bytes, int position, RowImage.Cell[] cells)
    {
        int[] sizes = _sizes;
        for (int column = 0; column < cells.Length && column < sizes.Length; column++)
        {
            int size = sizes[column];
            int length = size;
            if (size < 0)
            {
                if (bytes.Length - position < -size)
                {
                    throw CutOff(column);
                }

                uint prefix = size switch
                {
                    -1 => bytes[position],
                    -2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[position..]),
                    -3 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[position..]) | ((uint)bytes[position + 2] << 16),
                    _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes[position..]),
                };
                position -= size;
                length = prefix <= int.MaxValue ? (int)prefix : throw CutOff(column);
            }

            if (length > bytes.Length - position)
            {
                throw CutOff(column);
            }

            cells[column] = new RowImage.Cell(position, length);
            position += length;
        }

        _position = position;
    }

    private static int CountPresent(ReadOnlySpan<byte> present, int columns)
    {
        int count = 0;
        int whole = columns >> 3;
        for (int i = 0; i < whole; i++)
        {
            count += BitOperations.PopCount(present[i]);
        }

        return (columns & 7) == 0 ? count : count + BitOperations.PopCount((uint)(present[whole] & ((1 << (columns & 7)) - 1)));
    }

    private MySqlProtocolException CutOff(int column) => Malformed(_event, $"the value of column {column + 1} is cut off");
}
