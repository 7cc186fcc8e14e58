using System.Globalization;

namespace DtsMigrate.Engine.Schema;

/// <summary>
/// Whether rows of a source table fit into a table that exists on the destination. Used where the task does not create its tables: without
/// schema migration, and with existing tables kept.
/// </summary>
internal static class DestinationTableCheck
{
    /// <summary>All differences that would lose, change or double a row; empty when rows fit.</summary>
    public static IReadOnlyList<string> FindDifferences(TableDefinition source, TableDefinition destination)
    {
        var differences = new List<string>();
        var columns = destination.Columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var column in source.Columns)
        {
            if (columns.Remove(column.Name, out var other))
            {
                differences.AddRange(CompareColumn(column, other));
            }
            else if (!column.IsGenerated)
            {
                differences.Add($"column {column.Name} is missing");
            }
        }

        differences.AddRange(columns.Values.Where(c => !c.IsGenerated && c is { IsNullable: false, HasDefault: false, IsAutoIncrement: false })
            .Select(c => $"column {c.Name} is NOT NULL, has no default and does not exist on the source"));
        differences.AddRange(CompareKeys(source, destination));
        return differences;
    }

    /// <summary>A column type in the form that all versions share: no display width, one name per type.</summary>
    internal static string NormalizeType(string columnType)
    {
        int open = columnType.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return columnType == "geometrycollection" ? "geomcollection" : columnType;
        }

        bool hasWidth = columnType[..open] is "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "year";
        int close = columnType.IndexOf(')', open);
        return hasWidth && close > 0 && !columnType.Contains("zerofill", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{columnType[..open]}{columnType[(close + 1)..]}")
            : columnType;
    }

    /// <summary>A character set or collation name in its present form: utf8 became utf8mb3.</summary>
    internal static string? NormalizeCharset(string? name) =>
        name is null ? null
        : name == "utf8" ? "utf8mb3"
        : name.StartsWith("utf8_", StringComparison.Ordinal) ? "utf8mb3_" + name[5..]
        : name;

    private static IEnumerable<string> CompareColumn(ColumnDefinition source, ColumnDefinition destination)
    {
        if (source.IsGenerated != destination.IsGenerated)
        {
            yield return $"column {source.Name} is {Word(source)} on the source and {Word(destination)} on the destination";
            yield break;
        }

        string type = NormalizeType(source.ColumnType);
        string otherType = NormalizeType(destination.ColumnType);
        if (type != otherType)
        {
            yield return $"column {source.Name} has type {type} on the source and {otherType} on the destination";
        }

        string? charset = NormalizeCharset(source.Charset);
        string? otherCharset = NormalizeCharset(destination.Charset);
        if (charset != otherCharset)
        {
            yield return $"column {source.Name} has character set {charset} on the source and {otherCharset} on the destination";
        }

        if (source.IsNullable && !destination.IsNullable && !source.IsGenerated)
        {
            yield return $"column {source.Name} may be NULL on the source and not on the destination";
        }

        static string Word(ColumnDefinition column) => column.IsGenerated ? "generated" : "not generated";
    }

    // Rows are found and collide by unique keys: the destination must have the identity key and none that the source lacks.
    private static IEnumerable<string> CompareKeys(TableDefinition source, TableDefinition destination)
    {
        if (source.IdentityKey is { } identity && !destination.UniqueKeys.Any(k => k.IsPlain && SameColumns(k, identity)))
        {
            yield return $"no unique key on ({Columns(identity)})";
        }

        foreach (var key in destination.UniqueKeys.Where(k => !source.UniqueKeys.Any(s => s.IsPlain == k.IsPlain && SameColumns(s, k))))
        {
            yield return $"unique key {key.Name} ({Columns(key)}) does not exist on the source";
        }

        foreach (var (column, other) in from key in source.UniqueKeys
                                        from c in key.Columns
                                        from d in destination.Columns
                                        where d.Name.Equals(c.Name, StringComparison.OrdinalIgnoreCase)
                                        select (c, d))
        {
            string? collation = NormalizeCharset(column.Collation);
            string? otherCollation = NormalizeCharset(other.Collation);
            if (collation != otherCollation)
            {
                yield return $"column {column.Name} of a unique key has collation {collation} on the source and {otherCollation} on the destination";
            }
        }
    }

    private static bool SameColumns(KeyDefinition a, KeyDefinition b) =>
        a.Columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(b.Columns.Select(c => c.Name));

    private static string Columns(KeyDefinition key) => string.Join(", ", key.Columns.Select(c => c.Name));
}
