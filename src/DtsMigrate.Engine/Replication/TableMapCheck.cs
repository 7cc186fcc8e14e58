using System.Globalization;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>Compares a TABLE_MAP with the tracked definition (invariant I6): rows are only read by a definition that fits them.</summary>
/// <param name="collations">Collation names by id, as the source has them.</param>
/// <param name="mapped">Collations on the destination: the definition of a table after DDL has these.</param>
internal sealed class TableMapCheck(IReadOnlyDictionary<int, string> collations, CollationMap mapped)
{
    /// <summary>Fails when they differ.</summary>
    /// <param name="table">Table.</param>
    /// <param name="map">Its map.</param>
    /// <param name="at">Place in the log, for the message.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code TableDefinitionChanged.</exception>
    public void Verify(TablePlan table, TableMapEvent map, BinlogCoordinate at)
    {
        if (Difference(table.Route.Definition, map) is { } difference)
        {
            throw ReplicationErrors.TableDefinitionChanged(table.Name, difference, at);
        }
    }

    /// <summary>What differs, in words; null when the map fits.</summary>
    public string? Difference(TableDefinition definition, TableMapEvent map)
    {
        if (map.Columns.Count != definition.Columns.Count)
        {
            return $"{map.Columns.Count} columns, not {definition.Columns.Count}";
        }

        for (int i = 0; i < map.Columns.Count; i++)
        {
            if (Difference(definition.Columns[i], map.Columns[i]) is { } difference)
            {
                return $"column {i + 1}, '{definition.Columns[i].Name}', {difference}";
            }
        }

        return null;
    }

    private string? Difference(ColumnDefinition expected, TableMapColumn found)
    {
        if (found.Name is { } name && !name.Equals(expected.Name, StringComparison.OrdinalIgnoreCase))
        {
            return $"is named '{name}'";
        }

        if (!TypeFits(expected, found))
        {
            return string.Create(CultureInfo.InvariantCulture, $"is of type number {found.Type} with metadata {found.Metadata}, not {expected.ColumnType}");
        }

        if (found.IsUnsigned is { } isUnsigned && IsNumeric(found.Type) && isUnsigned != expected.IsUnsigned)
        {
            return isUnsigned ? "is unsigned" : "is signed";
        }

        if (found.IsNullable != expected.IsNullable)
        {
            return found.IsNullable ? "allows NULL" : "does not allow NULL";
        }

        if (found.CollationId is { } id && expected.Collation is { } collation && collations.TryGetValue(id, out string? actual) && actual != collation && mapped.Of(actual) != collation)
        {
            return $"has collation {actual}, not {collation}";
        }

        return null;
    }

    private static bool IsNumeric(byte type) => type is BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long
        or BinlogColumnType.LongLong or BinlogColumnType.NewDecimal or BinlogColumnType.Float or BinlogColumnType.Double;

    private static bool TypeFits(ColumnDefinition expected, TableMapColumn found) => expected.DataType switch
    {
        "tinyint" => found.Type == BinlogColumnType.Tiny,
        "smallint" => found.Type == BinlogColumnType.Short,
        "mediumint" => found.Type == BinlogColumnType.Int24,
        "int" => found.Type == BinlogColumnType.Long,
        "bigint" => found.Type == BinlogColumnType.LongLong,
        "float" => found.Type == BinlogColumnType.Float,
        "double" => found.Type == BinlogColumnType.Double,
        "year" => found.Type == BinlogColumnType.Year,
        "decimal" => found.Type == BinlogColumnType.NewDecimal && Arguments(expected.ColumnType) is [int precision, int scale] && found.Metadata == ((precision << 8) | scale),
        "bit" => found.Type == BinlogColumnType.Bit && Arguments(expected.ColumnType) is [int bits] && found.Metadata == bits,
        "date" => found.Type is BinlogColumnType.Date or BinlogColumnType.NewDate,
        "time" => Temporal(expected, found, BinlogColumnType.Time2, BinlogColumnType.Time),
        "datetime" => Temporal(expected, found, BinlogColumnType.DateTime2, BinlogColumnType.DateTime),
        "timestamp" => Temporal(expected, found, BinlogColumnType.Timestamp2, BinlogColumnType.Timestamp),
        "char" => found.Type is BinlogColumnType.String or BinlogColumnType.VarString,
        "binary" => found.Type is BinlogColumnType.String or BinlogColumnType.VarString && Arguments(expected.ColumnType) is [int length] && found.Metadata == length,
        "varchar" => found.Type == BinlogColumnType.VarChar,
        "varbinary" => found.Type == BinlogColumnType.VarChar && Arguments(expected.ColumnType) is [int length] && found.Metadata == length,
        "tinytext" or "tinyblob" => Blob(found, 1),
        "text" or "blob" => Blob(found, 2),
        "mediumtext" or "mediumblob" => Blob(found, 3),
        "longtext" or "longblob" => Blob(found, 4),
        "enum" => found.Type == BinlogColumnType.Enum,
        "set" => found.Type == BinlogColumnType.Set,
        "json" => found.Type == BinlogColumnType.Json,
        "vector" => found.Type == BinlogColumnType.Vector,
        _ => found.Type == BinlogColumnType.Geometry,
    };

    private static bool Blob(TableMapColumn found, int lengthBytes) =>
        found.Type is BinlogColumnType.Blob or BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob && found.Metadata == lengthBytes;

    private static bool Temporal(ColumnDefinition expected, TableMapColumn found, byte type, byte oldType) =>
        found.Type == type ? found.Metadata == (Arguments(expected.ColumnType) is [int digits] ? digits : 0) : found.Type == oldType;

    // The numbers in the first parentheses: decimal(10,2) gives 10 and 2.
    private static int[] Arguments(string columnType)
    {
        int open = columnType.IndexOf('(', StringComparison.Ordinal);
        int close = columnType.IndexOf(')', StringComparison.Ordinal);
        return open < 0 || close < open
            ? []
            : [.. columnType[(open + 1)..close].Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
    }
}
