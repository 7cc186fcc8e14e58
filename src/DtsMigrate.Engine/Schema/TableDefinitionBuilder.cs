using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DtsMigrate.Engine.Schema;

/// <summary>Puts a definition together from what information_schema and SHOW CREATE TABLE say.</summary>
internal static class TableDefinitionBuilder
{
    private static readonly CompositeFormat PartFormat = CompositeFormat.Parse("{0}({1}){2}");

    /// <summary>Builds the definition.</summary>
    public static TableDefinition Build(
        string database, CatalogTable table, IReadOnlyList<ColumnDefinition> columns, IReadOnlyList<CatalogKeyPart> parts, string createSql) => new()
        {
            Name = new QualifiedName(database, table.Name),
            Columns = columns,
            UniqueKeys = BuildUniqueKeys(columns, parts),
            Engine = table.Engine,
            Collation = table.Collation,
            CreateSql = createSql,
            Hash = HashOf(columns, parts),
            EstimatedRows = table.Rows,
            EstimatedBytes = table.Bytes,
            EstimatedIndexBytes = table.IndexBytes,
            Options = table.Options,
        };

    private static List<KeyDefinition> BuildUniqueKeys(IReadOnlyList<ColumnDefinition> columns, IReadOnlyList<CatalogKeyPart> parts)
    {
        var byName = columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        return [.. parts.Where(p => p.IsUnique)
            .GroupBy(p => p.Index, StringComparer.Ordinal)
            .OrderBy(g => g.Key != "PRIMARY").ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new KeyDefinition(
                g.Key,
                [.. g.Where(p => p.Column is not null).Select(p => byName[p.Column!])],
                g.All(p => p is { Column: not null, Prefix: null, Expression: null }),
                g.Any(p => p.IsNullable))
            {
                Descending = [.. g.Select((p, i) => (p.IsDescending, Place: i)).Where(p => p.IsDescending).Select(p => p.Place)],
                IsVisible = g.All(p => p.IsVisible),
            })];
    }

    // What decides whether a row of the source fits: order, names, types, character sets and the unique keys. Defaults and comments do not.
    private static string HashOf(IReadOnlyList<ColumnDefinition> columns, IReadOnlyList<CatalogKeyPart> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in columns)
        {
            Append(hash, "column", column.Name, column.ColumnType, column.Charset ?? string.Empty, column.Collation ?? string.Empty, column.IsNullable ? "null" : "not null", column.IsGenerated ? "generated" : "written");
        }

        foreach (var key in parts.Where(p => p.IsUnique).GroupBy(p => p.Index, StringComparer.Ordinal))
        {
            Append(hash, ["key", key.Key, .. key.Select(p => string.Format(CultureInfo.InvariantCulture, PartFormat, p.Column, p.Prefix, p.Expression))]);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // Lengths before texts: no two lists of fields have the same bytes.
    private static void Append(IncrementalHash hash, params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(field);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
