using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>One column of a <see cref="ChunkKey"/>: how its values become literals, and how they are compared in the order of the index (NULL is lowest).</summary>
internal sealed class KeyColumn
{
    private const string Null = "NULL";

    /// <summary>Members of a SET that uses all 64 bits.</summary>
    private const int AllMembers = 64;

    private readonly ColumnDefinition _column;
    private readonly bool _descending;

    /// <summary>Creates the column.</summary>
    /// <param name="column">Its definition.</param>
    /// <param name="descending">The index holds it in descending order.</param>
    public KeyColumn(ColumnDefinition column, bool descending)
    {
        _column = column;
        _descending = descending;
        Name = SqlText.Name(column.Name);
        Order = descending ? Name + " DESC" : Name;
        Select = column.DataType switch
        {
            // As for the rows: the text of FLOAT has six digits, times one is DOUBLE.
            "float" => Name + "*1e0",
            "enum" or "set" => $"CAST({Name} AS UNSIGNED)",
            _ => Name,
        };

        Distinct = IsDistinctByName(column) ? Name : Select;
    }

    /// <summary>Name, quoted.</summary>
    public string Name { get; }

    /// <summary>Item of ORDER BY: the order of the index.</summary>
    public string Order { get; }

    /// <summary>Expression whose text <see cref="ToLiteral"/> takes.</summary>
    public string Select { get; }

    /// <summary>Expression of a fixed column for SELECT DISTINCT: the column itself, whose index the server can skip through, where that is exact.</summary>
    public string Distinct { get; }

    /// <summary>Integers without NULL, in ascending order: where n values end can be worked out.</summary>
    public bool IsCountable => !_descending && !_column.IsNullable && _column.DataType is ("tinyint" or "smallint" or "mediumint" or "int" or "bigint");

    /// <summary>
    /// True for ENUM and SET. An index holds them by number, but the server looks up no range of numbers there, and a range of strings is in another order. Only equality
    /// with one number is exact and found in the index.
    /// </summary>
    public static bool IsFixed(ColumnDefinition column) => column.DataType is "enum" or "set";

    /// <summary>
    /// Types whose order in an index is their order in comparisons with a literal that is exact. Not FLOAT(m,d) and DOUBLE(m,d): the optimiser rounds a literal to d digits
    /// and to the range of the type before it looks it up.
    /// </summary>
    public static bool IsOrdered(ColumnDefinition column) => column.DataType switch
    {
        "float" or "double" => !column.ColumnType.Contains('(', StringComparison.Ordinal),
        "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "decimal" or "year" or "bit" => true,
        "date" or "datetime" or "timestamp" or "time" => true,
        "char" or "varchar" or "binary" or "varbinary" => true,
        _ => false,
    };

    /// <summary>The literal of a value, from the raw bytes of <see cref="Select"/>, null for NULL.</summary>
    public string ToLiteral(byte[]? value)
    {
        if (value is null)
        {
            return Null;
        }

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
            case "bit":
                Span<byte> number = stackalloc byte[sizeof(ulong)];
                number.Clear();
                value.CopyTo(number[^value.Length..]);
                return BinaryPrimitives.ReadUInt64BigEndian(number).ToString(CultureInfo.InvariantCulture);
            case "float" or "double":
                // With an exponent it is DOUBLE, not DECIMAL.
                string digits = Encoding.ASCII.GetString(value);
                return digits.Contains('e', StringComparison.Ordinal) ? digits : digits + "e0";
            default:
                return Encoding.ASCII.GetString(value);
        }
    }

    /// <summary>Condition: equal to a literal.</summary>
    public string Equal(string literal)
    {
        if (literal == Null)
        {
            return $"{Name} IS NULL";
        }

        if (_column.DataType != "set")
        {
            return $"{Name}={literal}";
        }

        // The server compares a SET with a number by way of DOUBLE, and takes it for signed there. So the first half finds rows in the index, the second is exact.
        ulong bits = ulong.Parse(literal, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Name}={unchecked((long)bits)} AND CAST({Name} AS UNSIGNED)={bits}");
    }

    /// <summary>Condition: after a literal in the order of the index.</summary>
    public string After(string literal) => Compare(literal, !_descending, false);

    /// <summary>Condition: a literal or after it.</summary>
    public string From(string literal) => Compare(literal, !_descending, true);

    /// <summary>Condition: before a literal in the order of the index.</summary>
    public string Before(string literal) => Compare(literal, _descending, false);

    /// <summary>Condition: a literal or before it.</summary>
    public string UpTo(string literal) => Compare(literal, _descending, true);

    /// <summary>True when the column is NULL wherever it is within the bounds: NULL comes first, in descending order last.</summary>
    /// <param name="lower">Literal that it is not before; null for none.</param>
    /// <param name="upper">Literal that it is not after; null for none.</param>
    public bool IsNullWithin(string? lower, string? upper) => (_descending ? lower : upper) == Null;

    /// <summary>
    /// Where the server does not skip through the index it compares neighbours as strings: index 0 and a member '' are the same there. And where it merges partitions it takes
    /// numbers for signed: beyond 63 bits it loses values.
    /// </summary>
    private static bool IsDistinctByName(ColumnDefinition column)
    {
        string type = column.ColumnType;
        bool hasEmpty = type.Contains("('',", StringComparison.Ordinal) || type.Contains(",'',", StringComparison.Ordinal)
            || type.Contains("('')", StringComparison.Ordinal) || type.Contains(",'')", StringComparison.Ordinal);

        // Members of a SET hold no commas.
        return !hasEmpty && (column.DataType != "set" || type.Count(c => c == ',') < AllMembers - 1);
    }

    private string Compare(string literal, bool greater, bool inclusive)
    {
        if (literal == Null)
        {
            return greater
                ? inclusive ? "TRUE" : $"{Name} IS NOT NULL"
                : inclusive ? $"{Name} IS NULL" : "FALSE";
        }

        string plain = $"{Name}{(greater ? '>' : '<')}{(inclusive ? "=" : string.Empty)}{literal}";
        return greater || !_column.IsNullable ? plain : $"({plain} OR {Name} IS NULL)";
    }
}
