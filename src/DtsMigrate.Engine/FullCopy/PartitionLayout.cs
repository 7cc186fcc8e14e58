using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// The partitions of a table, subpartitions where it has them, each with a hash over what decides which rows it holds. A chunk of a partition records the hash: as long as
/// it stays the same no row has moved into the partition or out of it, whatever was done to others.
/// </summary>
internal sealed class PartitionLayout
{
    private readonly QualifiedName _table;
    private readonly Dictionary<string, string> _hashes;

    private PartitionLayout(QualifiedName table, IReadOnlyList<ChunkScope> partitions)
    {
        _table = table;
        Partitions = partitions;
        _hashes = partitions.ToDictionary(p => p.Partition!, p => p.PartitionHash!, StringComparer.Ordinal);
    }

    /// <summary>A scope for each partition, in the table's order; empty when the table is not partitioned.</summary>
    public IReadOnlyList<ChunkScope> Partitions { get; }

    /// <summary>Reads the partitions as they are now. Asks nothing of the server for a table that has none.</summary>
    public static async Task<PartitionLayout> ReadAsync(MySqlSession source, TableDefinition definition, CancellationToken cancellationToken)
    {
        var table = definition.Name;
        if (!IsPartitioned(definition))
        {
            return new PartitionLayout(table, []);
        }

        var rows = await source.QueryRowsAsync(
            "SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION, "
            + "PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION, SUBPARTITION_METHOD, SUBPARTITION_EXPRESSION FROM information_schema.PARTITIONS "
            + $"WHERE TABLE_SCHEMA={CheckpointSql.Text(table.Database)} AND TABLE_NAME={CheckpointSql.Text(table.Name)} AND PARTITION_NAME IS NOT NULL",
            cancellationToken).ConfigureAwait(false);
        var ordered = rows.Where(r => r.GetString(0) == table.Name).OrderBy(r => r.GetInt64(3)).ThenBy(r => r.IsNull(4) ? 0 : r.GetInt64(4)).ToArray();
        var partitions = new List<ChunkScope>(ordered.Length);
        string? below = null;
        string? bound = null;
        foreach (var row in ordered)
        {
            string? description = row.GetStringOrNull(7);
            if (description != bound)
            {
                (below, bound) = (bound, description);
            }

            partitions.Add(new ChunkScope(row.GetStringOrNull(2) ?? row.GetString(1), [], HashOf(row, below, ordered)));
        }

        return new PartitionLayout(table, partitions);
    }

    /// <summary>False for a table that has no partitions. Cheap: a comment may make it true for nothing.</summary>
    public static bool IsPartitioned(TableDefinition table) => table.CreateSql.Contains("PARTITION BY", StringComparison.Ordinal);

    /// <summary>Checks that the partitions of recorded chunks still hold what they held when the chunks were recorded.</summary>
    /// <exception cref="DtsMigrateException">Code <c>TableDefinitionChanged</c>.</exception>
    public void Check(IEnumerable<ChunkScope?> scopes)
    {
        foreach (var scope in scopes)
        {
            if (scope?.Partition is { } name && (!_hashes.TryGetValue(name, out string? hash) || hash != scope.PartitionHash))
            {
                throw new DtsMigrateException("TableDefinitionChanged", $"Partition {name} of table {_table} was {(hash is null ? "dropped" : "reorganized")} on the source while the table was being copied.")
                {
                    Target = _table.ToString(),
                    RecommendedAction = "Empty the destination's table and start the migration of this table anew under another task name.",
                };
            }
        }
    }

    // RANGE: from the bound of the partition below to its own. LIST: its values. HASH and KEY: its place among how many.
    private static string HashOf(TextRow row, string? below, TextRow[] all)
    {
        string method = row.GetString(5);
        string[] place = method.StartsWith("RANGE", StringComparison.Ordinal) ? [below ?? string.Empty, row.GetString(7)]
            : method.StartsWith("LIST", StringComparison.Ordinal) ? [row.GetString(7)]
            : [row.GetString(3), all.Max(r => r.GetInt64(3)).ToString(CultureInfo.InvariantCulture)];
        string[] within = row.IsNull(8)
            ? []
            : [row.GetString(8), row.GetStringOrNull(9) ?? string.Empty, row.GetString(4), all.Max(r => r.GetInt64(4)).ToString(CultureInfo.InvariantCulture)];
        string text = string.Join('\0', [method, row.GetStringOrNull(6) ?? string.Empty, .. place, .. within]);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
