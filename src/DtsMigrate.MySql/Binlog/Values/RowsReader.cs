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
    private bool _onRow;
    private bool _emptyRowPending;

    /// <summary>Starts on an event.</summary>
    /// <exception cref="MySqlProtocolException">The event's column bitmaps do not fit its table map.</exception>
    public void Reset(RowsEvent rows)
    {
        _event = null;
        IReadOnlyList<TableMapColumn> columns = rows.Table.Columns;
        if (!ReferenceEquals(columns, _columns))
        {
            _columns = null;
            int[] sizes = new int[columns.Count];
            for (int i = 0; i < sizes.Length; i++)
            {
                sizes[i] = ColumnSize.Of(columns[i]);
            }

            _sizes = sizes;
            _before = new RowImage.Cell[sizes.Length];
            _after = new RowImage.Cell[sizes.Length];
            _columns = columns;
        }

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
        try
        {
            if (rows.Kind != RowChangeKind.Insert)
            {
                ReadImage(bytes, rows.BeforeColumns.Span, _before);
            }

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

    private RowImage Image(RowChangeKind without, RowImage.Cell[] cells)
    {
        if (!_onRow || _event is not { } rows)
        {
            throw new InvalidOperationException("There is no current row.");
        }

        return rows.Kind == without ? default : new RowImage(rows.Rows.Span, cells);
    }

    /// <summary>Bits for NULL, one for each column present, then the values of those that are present and not NULL.</summary>
    private void ReadImage(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> present, RowImage.Cell[] cells)
    {
        int[] sizes = _sizes;
        int presentCount = 0;
        for (int column = 0; column < cells.Length; column++)
        {
            presentCount += (present[column >> 3] >> (column & 7)) & 1;
        }

        int nullBytes = (presentCount + 7) / 8;
        if (bytes.Length - _position < nullBytes)
        {
            throw Malformed(_event!, "the NULL bits are cut off");
        }

        ReadOnlySpan<byte> nulls = bytes.Slice(_position, nullBytes);
        int position = _position + nullBytes;
        int index = 0;
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

    private MySqlProtocolException CutOff(int column) => Malformed(_event!, $"the value of column {column + 1} is cut off");

    private static MySqlProtocolException Malformed(RowsEvent rows, string what) =>
        new($"Rows event of {rows.Table.Database}.{rows.Table.Table} that ends at {rows.End}: {what}.") { Target = rows.End.ToString() };
}
