using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>The current row of a large query of information_schema. Equal texts are one string: names of columns, types and collations come again by the thousand.</summary>
internal sealed class CatalogRow(int columns)
{
    private const int LongestPooled = 256;
    private const int MostPooled = 100_000;

    private readonly string?[] _values = new string?[columns];
    private readonly HashSet<string> _pool = new(StringComparer.Ordinal);

    /// <summary>Takes the fields of the next row.</summary>
    public void Take(TextRowReader fields)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = fields.ReadField(out var value) ? Text(value) : null;
        }

        if (!fields.AtEnd)
        {
            throw new MySqlProtocolException("A text row holds more fields than the result set has columns.");
        }
    }

    /// <summary>True when the value is NULL.</summary>
    public bool IsNull(int column) => _values[column] is null;

    /// <summary>The text; NULL is an error.</summary>
    public string GetString(int column) => _values[column] ?? throw new InvalidOperationException($"Column {column} is NULL.");

    /// <summary>The text, or null.</summary>
    public string? GetStringOrNull(int column) => _values[column];

    /// <summary>The text as a number; NULL is an error.</summary>
    public long GetInt64(int column) => long.Parse(GetString(column), CultureInfo.InvariantCulture);

    /// <summary>The text in lower case, as MySQL writes type names.</summary>
    public string GetLower(int column)
    {
        string text = GetString(column);
#pragma warning disable CA1308 // MySQL writes type names in lower case.
        return text.Any(char.IsUpper) ? text.ToLowerInvariant() : text;
#pragma warning restore CA1308
    }

    private string Text(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestPooled)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> buffer = stackalloc char[LongestPooled];
        var text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        var pool = _pool.GetAlternateLookup<ReadOnlySpan<char>>();
        if (pool.TryGetValue(text, out string? known))
        {
            return known;
        }

        string made = text.ToString();
        if (_pool.Count < MostPooled)
        {
            _pool.Add(made);
        }

        return made;
    }
}
