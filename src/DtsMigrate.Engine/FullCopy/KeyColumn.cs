using System.Text;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>One column of a <see cref="ChunkKey"/>: how its values become literals, and how they are compared in the order of the index.</summary>
internal sealed class KeyColumn
{
    private readonly ColumnDefinition _column;

    /// <summary>Creates the column.</summary>
    public KeyColumn(ColumnDefinition column)
    {
        _column = column;
        Name = SqlText.Name(column.Name);
    }

    /// <summary>Name, quoted.</summary>
    public string Name { get; }

    /// <summary>Item of ORDER BY.</summary>
    public string Order => Name;

    /// <summary>Expression whose text <see cref="ToLiteral"/> takes.</summary>
    public string Select => Name;

    /// <summary>The literal of a value, as raw bytes.</summary>
    public string ToLiteral(byte[] value)
    {
        switch (_column.DataType)
        {
            case "char" or "varchar":
                string introducer = "_" + _column.Charset;
                string text = value.Length == 0 ? $"{introducer}''" : $"{introducer} 0x{Convert.ToHexString(value)}";
                return $"{text} COLLATE {_column.Collation}";
            case "binary" or "varbinary":
                return value.Length == 0 ? "_binary''" : $"_binary 0x{Convert.ToHexString(value)}";
            case "date" or "datetime" or "timestamp" or "time":
                return $"'{Encoding.ASCII.GetString(value)}'";
            default:
                return Encoding.ASCII.GetString(value);
        }
    }

    /// <summary>Condition: equal to a literal.</summary>
    public string Equal(string literal) => $"{Name}={literal}";

    /// <summary>Condition: after a literal in the order of the index.</summary>
    public string After(string literal) => $"{Name}>{literal}";

    /// <summary>Condition: a literal or after it.</summary>
    public string From(string literal) => $"{Name}>={literal}";

    /// <summary>Condition: before a literal in the order of the index.</summary>
    public string Before(string literal) => $"{Name}<{literal}";

    /// <summary>Condition: a literal or before it.</summary>
    public string UpTo(string literal) => $"{Name}<={literal}";

    /// <summary>
    /// Types that a range may be cut over. Not ENUM and SET (ordered by number, compared with strings as strings), not FLOAT and DOUBLE (no exact literal), not BIT, and
    /// none that an index holds only a prefix of.
    /// </summary>
    public static bool IsOrdered(ColumnDefinition column) => column.DataType is
        "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "decimal" or "year"
        or "date" or "datetime" or "timestamp" or "time"
        or "char" or "varchar" or "binary" or "varbinary";
}
