using System.Globalization;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>The rows on the source, and what proves that a copy has them all.</summary>
/// <param name="Bytes">Size of all rows as tab-separated text.</param>
/// <param name="Proof">Row counts and checksums of the tables.</param>
internal sealed record SourceData(long Bytes, string Proof)
{
    /// <summary>Creates and fills the tables.</summary>
    public static async Task<SourceData> CreateAsync(MySqlServer source, int rows, CancellationToken cancellationToken)
    {
        var create = string.Join(';', BenchTables.Names.Select(table => BenchTables.Create(table, index: true)));
        await source.RunSqlAsync($"SET sql_log_bin=0; {BenchTables.CreateDatabase}; {create};", cancellationToken);
        await Task.WhenAll(BenchTables.Names.Select(table => source.RunSqlAsync(BenchTables.Fill(table, rows), cancellationToken)));
        return new SourceData(await MeasureAsync(source, cancellationToken), await ProveAsync(source, cancellationToken));
    }

    /// <summary>Compares the copy with the source.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public async Task VerifyAsync(MySqlServer destination, CancellationToken cancellationToken)
    {
        var copy = await ProveAsync(destination, cancellationToken);
        if (copy != Proof)
        {
            throw new InvalidOperationException($"the copy differs; source:\n{Proof}\ndestination:\n{copy}");
        }
    }

    private static async Task<long> MeasureAsync(MySqlServer source, CancellationToken cancellationToken)
    {
        // Three tabs and a newline for each row.
        var sums = BenchTables.Names.Select(table => $"SELECT SUM(LENGTH(id)+LENGTH(k)+LENGTH(c)+LENGTH(pad)+4) FROM {BenchTables.Database}.{table};");
        var lines = await source.RunSqlAsync(string.Concat(sums), cancellationToken);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => long.Parse(line, CultureInfo.InvariantCulture));
    }

    private static Task<string> ProveAsync(MySqlServer server, CancellationToken cancellationToken)
    {
        var statements = BenchTables.Names.Select(table =>
            $"SELECT '{table}', COUNT(*) FROM {BenchTables.Database}.{table}; CHECKSUM TABLE {BenchTables.Database}.{table};");
        return server.RunSqlAsync(string.Concat(statements), cancellationToken);
    }
}
