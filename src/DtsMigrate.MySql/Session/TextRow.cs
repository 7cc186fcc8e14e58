using System.Globalization;
using System.Text;

namespace DtsMigrate.MySql.Session;

/// <summary>A row kept in memory, for small results such as metadata. The copy path never makes one.</summary>
public sealed class TextRow
{
    private readonly byte[]?[] _values;

    /// <summary>Creates a row from the values of a text row, null for NULL.</summary>
    public TextRow(byte[]?[] values) => _values = values;

    /// <summary>Number of columns.</summary>
    public int Count => _values.Length;

    /// <summary>True when the value is NULL.</summary>
    public bool IsNull(int column) => _values[column] is null;

    /// <summary>The raw bytes; NULL is an error.</summary>
    public byte[] GetBytes(int column) => _values[column] ?? throw new InvalidOperationException($"Column {column} is NULL.");

    /// <summary>The bytes as UTF-8 text; NULL is an error.</summary>
    public string GetString(int column) => Encoding.UTF8.GetString(GetBytes(column));

    /// <summary>The bytes as UTF-8 text, or null.</summary>
    public string? GetStringOrNull(int column) => IsNull(column) ? null : GetString(column);

    /// <summary>The text as a signed integer; NULL is an error.</summary>
    public long GetInt64(int column) => long.Parse(GetString(column), CultureInfo.InvariantCulture);

    /// <summary>The text as an unsigned integer; NULL is an error.</summary>
    public ulong GetUInt64(int column) => ulong.Parse(GetString(column), CultureInfo.InvariantCulture);
}
