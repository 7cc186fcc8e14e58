using System.Globalization;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.Data;

/// <summary>A data set on the source, and what proves that a copy has it all.</summary>
internal sealed class SourceData
{
    private readonly DataSet _set;
    private readonly string _proof;

    private SourceData(DataSet set, string proof)
    {
        _set = set;
        _proof = proof;
    }

    /// <summary>Creates and fills the tables in place of those that were there.</summary>
    public static async Task<SourceData> CreateAsync(MySqlServer source, DataSet set, CancellationToken cancellationToken)
    {
        var create = string.Join(";\n", set.Tables.Select(table => table.Create()));
        await source.RunSqlAsync($"SET sql_log_bin=0; DROP DATABASE IF EXISTS {DataSet.Database}; {DataSet.CreateDatabase}; {create}; {set.First}", cancellationToken);
        await Task.WhenAll(set.FillScripts.Select(script => source.RunSqlAsync(script, cancellationToken)));

        // Sizes are planned by them.
        await source.RunSqlAsync($"SET sql_log_bin=0; ANALYZE TABLE {string.Join(", ", set.Tables.Select(table => table.FullName))};", cancellationToken);
        return new SourceData(set, await ProveAsync(source, set, cancellationToken));
    }

    /// <summary>Compares the copy with the source: counts and checksums of rows, indexes, foreign keys.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public async Task VerifyAsync(MySqlServer destination, CancellationToken cancellationToken)
    {
        var (expected, found) = (_proof.Split('\n'), (await ProveAsync(destination, _set, cancellationToken)).Split('\n'));
        if (!expected.SequenceEqual(found))
        {
            var difference = expected.Except(found).Select(line => "- " + line).Concat(found.Except(expected).Select(line => "+ " + line)).Take(10);
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the copy differs from the source ({expected.Length} and {found.Length} facts):\n{string.Join('\n', difference)}"));
        }
    }

    private static Task<string> ProveAsync(MySqlServer server, DataSet set, CancellationToken cancellationToken)
    {
        var rows = set.Tables.Select(table => $"SELECT '{table.Name}', COUNT(*) FROM {table.FullName}; CHECKSUM TABLE {table.FullName};");
        const string Indexes = $"""
            SELECT table_name, index_name, non_unique, seq_in_index, column_name, sub_part, index_type FROM information_schema.statistics
              WHERE table_schema='{DataSet.Database}' ORDER BY 1,2,4;
            SELECT table_name, constraint_name, referenced_table_name, unique_constraint_name FROM information_schema.referential_constraints
              WHERE constraint_schema='{DataSet.Database}' ORDER BY 1,2;
            """;
        return server.RunSqlAsync(string.Concat(rows) + Indexes, cancellationToken);
    }
}
