using System.Buffers.Binary;
using System.Security.Cryptography;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Testing.Compare;

/// <summary>
/// Digest of a table's rows, made without any part of the engine: each row is hashed over exact renderings that the server makes of its columns, and the
/// hashes are added, so that order does not matter and doubled rows count twice.
/// </summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Hash">Sum of the rows' SHA-256, as four 64-bit lanes.</param>
public sealed record RowDigest(long Rows, (ulong A, ulong B, ulong C, ulong D) Hash)
{
    /// <summary>Reads a table. Both sides must be asked for the same columns: pass the source's list.</summary>
    public static async Task<RowDigest> OfAsync(MySqlSession session, string database, string table, IReadOnlyList<string> expressions, CancellationToken cancellationToken)
    {
        await using TextResultSet rows = await session.QueryAsync($"SELECT {string.Join(',', expressions)} FROM {SqlText.Name(database, table)}", cancellationToken);
        long count = 0;
        ulong a = 0, b = 0, c = 0, d = 0;
        while (await rows.ReadAsync(cancellationToken))
        {
            count++;
            AddRow(rows.CurrentRow, ref a, ref b, ref c, ref d);
        }

        return new RowDigest(count, (a, b, c, d));
    }

    /// <summary>One exact rendering per column of a table, invisible and generated ones included.</summary>
    public static async Task<IReadOnlyList<string>> ExpressionsAsync(MySqlSession session, string database, string table, CancellationToken cancellationToken)
    {
        var columns = await session.QueryRowsAsync(
            $"SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE BINARY TABLE_SCHEMA = BINARY {SqlText.Literal(database)} AND BINARY TABLE_NAME = BINARY {SqlText.Literal(table)} ORDER BY ORDINAL_POSITION",
            cancellationToken);
        return [.. columns.Select(static r => Expression(SqlText.Name(r.GetString(0)), r.GetString(1)))];
    }

    private static string Expression(string column, string type) => type.ToUpperInvariant() switch
    {
        "FLOAT" or "DOUBLE" => $"({column}*1e0)",
        "BIT" or "ENUM" or "SET" => $"({column}+0)",
        "JSON" => $"HEX(CAST({column} AS CHAR CHARACTER SET utf8mb4)),JSON_TYPE({column})",
        "DECIMAL" or "TINYINT" or "SMALLINT" or "MEDIUMINT" or "INT" or "BIGINT" or "YEAR" or "DATE" or "TIME" or "DATETIME" or "TIMESTAMP" => column,
        _ => $"HEX({column})",
    };

    private static void AddRow(ReadOnlySpan<byte> row, ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(row, hash);
        unchecked
        {
            a += BinaryPrimitives.ReadUInt64LittleEndian(hash);
            b += BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]);
            c += BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]);
            d += BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]);
        }
    }
}
