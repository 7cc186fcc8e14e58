namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>One image of one row: raw binlog bytes per column, by the table map's column order.</summary>
public readonly ref struct RowImage
{
    /// <summary>Number of columns of the table map.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>True when the column is in the image.</summary>
    public bool IsPresent(int column) => throw new NotImplementedException();

    /// <summary>True when the column is present and NULL.</summary>
    public bool IsNull(int column) => throw new NotImplementedException();

    /// <summary>The value's bytes as encoded in the binlog, length prefix left out for variable-length types.</summary>
    public ReadOnlySpan<byte> GetRaw(int column) => throw new NotImplementedException();
}
