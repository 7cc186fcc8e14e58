namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>One image of one row: raw binlog bytes per column, by the table map's column order.</summary>
public readonly ref struct RowImage
{
    private readonly ReadOnlySpan<byte> _rows;
    private readonly ReadOnlySpan<Cell> _cells;

    internal RowImage(ReadOnlySpan<byte> rows, ReadOnlySpan<Cell> cells)
    {
        _rows = rows;
        _cells = cells;
    }

    /// <summary>Number of columns of the table map; 0 when the event has no such image (before an INSERT, after a DELETE).</summary>
    public int Count => _cells.Length;

    /// <summary>True when the column is in the image.</summary>
    public bool IsPresent(int column) => _cells[column].Length != Cell.Absent;

    /// <summary>True when the column is present and NULL.</summary>
    public bool IsNull(int column) => _cells[column].Length == Cell.Null;

    /// <summary>The value's bytes as encoded in the binlog, length prefix left out for variable-length types.</summary>
    /// <exception cref="InvalidOperationException">The column is NULL or not in the image.</exception>
    public ReadOnlySpan<byte> GetRaw(int column)
    {
        Cell cell = _cells[column];
        return cell.Length >= 0
            ? _rows.Slice(cell.Start, cell.Length)
            : throw new InvalidOperationException($"Column {column} is NULL or not in the image.");
    }

    /// <summary>Where a value lies in the event's rows.</summary>
    internal readonly record struct Cell(int Start, int Length)
    {
        /// <summary>Length of a column that the image leaves out.</summary>
        public const int Absent = -2;

        /// <summary>Length of a NULL.</summary>
        public const int Null = -1;
    }
}
