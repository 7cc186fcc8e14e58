using System.Text;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>Values as SQL literals that mean the same under every session character set and sql_mode.</summary>
internal static class CheckpointSql
{
    /// <summary>A utf8mb4 literal whatever <c>NAMES</c> says; NULL for null.</summary>
    public static string Text(string? value)
    {
        if (value is null)
        {
            return "NULL";
        }

        bool plain = value.All(static c => c is >= ' ' and < (char)127 and not '\'' and not '\\');
        return plain ? $"_utf8mb4'{value}'" : $"_utf8mb4 0x{Convert.ToHexString(Encoding.UTF8.GetBytes(value))}";
    }

    /// <summary>Key bounds as JSON text; null for unbounded.</summary>
    public static string? FormatBounds(IReadOnlyList<string>? literals) =>
        literals is null ? null : CheckpointJson.Write(literals);

    /// <summary>Reads what <see cref="FormatBounds"/> wrote.</summary>
    public static IReadOnlyList<string>? ParseBounds(string? json) =>
        json is null ? null : CheckpointJson.Read<string[]>(json);

    /// <summary>A scope as JSON text: the partition's name and hash or nulls, then the fixed literals; null for the whole table.</summary>
    public static string? FormatScope(ChunkScope? scope) =>
        scope is null ? null : CheckpointJson.Write<string?[]>([scope.Partition, scope.PartitionHash, .. scope.Fixed]);

    /// <summary>Reads what <see cref="FormatScope"/> wrote.</summary>
    public static ChunkScope? ParseScope(string? json) =>
        json is not null && CheckpointJson.Read<string?[]>(json) is { } parts ? new ChunkScope(parts[0], [.. parts.Skip(2).OfType<string>()], parts[1]) : null;
}
