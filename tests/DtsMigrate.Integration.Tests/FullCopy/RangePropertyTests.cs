using System.Globalization;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;
using Xunit.Abstractions;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>
/// Random tables with random keys, cut into tiny ranges with restarts and splits in between: every row is in exactly one range, and each range is found by its index.
/// DTSMIGRATE_TEST_KEY_TABLES sets the number of tables, DTSMIGRATE_TEST_SEED repeats a run.
/// </summary>
public sealed class RangePropertyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly ITestOutputHelper _output;

    public RangePropertyTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task Every_row_is_in_exactly_one_range()
    {
        int tables = Number("DTSMIGRATE_TEST_KEY_TABLES", 300);
        int seed = Number("DTSMIGRATE_TEST_SEED", Random.Shared.Next());
        _output.WriteLine($"seed {seed}");
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("keys", limit.Token);
        await bench.CreateAsync(string.Empty, limit.Token);
        await using var writer = await bench.Source().OpenAsync(SessionPurpose.Metadata, limit.Token);
        await using var reader = await bench.Source().OpenAsync(SessionPurpose.ReadRows, limit.Token);
        await writer.ExecuteAsync($"USE `{bench.Database}`", limit.Token);
        await writer.ExecuteAsync("SET sql_mode='ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'", limit.Token);
        int ranges = 0;
        var failures = new List<string>();
        for (int i = 0; i < tables && failures.Count < 5; i++)
        {
            var random = new Random(unchecked(seed + i));
            var table = RandomKeyTable.Next(random);
            try
            {
                await writer.ExecuteAsync(table.Create, limit.Token);
                if (table.Insert is { } insert)
                {
                    await writer.ExecuteAsync(insert, limit.Token);
                }

                var definition = (await SchemaReader.ReadTableAsync(writer, new QualifiedName(bench.Database, "t"), limit.Token))!;
                ranges += await CheckAsync(definition, table.AllowNullable, random, reader, limit.Token);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failures.Add($"Seed {unchecked(seed + i)}: {e}\n{table.Create};\n{table.Insert};\n");
            }

            await writer.ExecuteAsync("DROP TABLE IF EXISTS t", limit.Token);
        }

        _output.WriteLine($"{tables} tables, {ranges} ranges");
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    private static async Task<int> CheckAsync(TableDefinition definition, bool allowNullable, Random random, MySqlSession reader, CancellationToken cancellationToken)
    {
        var route = new TableRoute(1, definition, definition.Name);
        var version = reader.ServerVersion;
        var statements = CopyStatements.Create(route, definition, version, version, allowNullable: allowNullable);
        long partitionBytes = random.Next(3) == 0 ? long.MaxValue : 0;
        List<ChunkRecord> known = [];
        RangeCutter? cutter = null;
        while (true)
        {
            if (cutter is null || random.Next(4) == 0)
            {
                cutter = new RangeCutter(route, statements, [.. known.OrderBy(_ => random.Next())], false, partitionBytes);
            }

            if (await cutter.NextAsync(1 + random.Next(random.Next(4) == 0 ? 60 : 6), reader, cancellationToken) is not { } chunk)
            {
                break;
            }

            Assert.DoesNotContain(known, c => c.Number == chunk.Number);
            known.Add(chunk);
            if (random.Next(3) == 0 && await SplitAsync(known, statements, random, reader, cancellationToken))
            {
                // Numbers have been given by another; a cutter learns of them when it is made.
                cutter = null;
            }
        }

        Assert.True(cutter.IsComplete);
        Assert.NotEmpty(known);
        var read = new List<string>();
        foreach (var chunk in known)
        {
            read.AddRange((await reader.QueryRowsAsync(statements.Select(chunk), cancellationToken)).Select(Text));
            await AssertIndexedAsync(statements, chunk, allowNullable, reader, cancellationToken);
        }

        var all = (await reader.QueryRowsAsync(statements.SelectAll(), cancellationToken)).Select(Text);
        Assert.Equal(all.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        return known.Count;
    }

    /// <summary>What a worker does with a chunk that is larger than it should be: it copies some rows, the rest becomes another chunk.</summary>
    private static async Task<bool> SplitAsync(List<ChunkRecord> known, CopyStatements statements, Random random, MySqlSession reader, CancellationToken cancellationToken)
    {
        int index = random.Next(known.Count);
        var chunk = known[index];
        if (statements.Key is not { IsUnique: true } key || !key.CanCut(chunk.Scope))
        {
            return false;
        }

        int rows = 1 + random.Next(4);
        var found = await reader.QueryRowsAsync(statements.SelectBound(chunk, rows), cancellationToken);
        if (found.Count == 0)
        {
            return false;
        }

        var bound = key.ToLiterals(found[0]);
        var first = chunk with { Upper = bound };
        var rest = chunk with { Number = known.Max(c => c.Number) + 1, Lower = bound };
        Assert.Equal(
            (await reader.QueryRowsAsync(statements.Select(chunk, rows), cancellationToken)).Select(Text),
            (await reader.QueryRowsAsync(statements.Select(first), cancellationToken)).Select(Text));
        known[index] = first;
        known.Add(rest);
        return true;
    }

    private static async Task AssertIndexedAsync(CopyStatements statements, ChunkRecord chunk, bool allowNullable, MySqlSession reader, CancellationToken cancellationToken)
    {
        if (chunk is { Lower: null, Upper: null, Scope: null or { Fixed.Count: 0 } })
        {
            return;
        }

        string[] queries = statements.Key!.CanCut(chunk.Scope) ? [statements.Select(chunk), statements.SelectBound(chunk, 3)] : [statements.Select(chunk)];
        foreach (string query in queries)
        {
            var plan = Assert.Single(await reader.QueryRowsAsync("EXPLAIN " + query, cancellationToken));
            string extra = plan.GetStringOrNull(11) ?? string.Empty;
            if (plan.IsNull(2))
            {
                // The optimiser has seen that there is no such row.
                Assert.Matches("no matching row|Impossible WHERE", extra);
                continue;
            }

            string access = $"{plan.GetStringOrNull(4)} by {plan.GetStringOrNull(6)} ({extra}): {query}";

            // A range that is nearly the whole of a tiny table may be read by a scan of the index, as long as the index is one that the condition can be looked up in, or
            // the condition says no more than the type does.
            bool scan = plan.GetStringOrNull(4) == "index" && (!plan.IsNull(5) || !extra.Contains("Using where", StringComparison.Ordinal));
            Assert.True(scan || plan.GetStringOrNull(4) is "range" or "ref" or "const" or "ref_or_null", access);
            Assert.True(statements.Key.ForceIndex == $"FORCE INDEX ({SqlText.Name(plan.GetString(6))})", access);

            // Of the few rows that equal a value or NULL, the optimiser may rather sort all than find the range among them.
            bool few = allowNullable && plan.GetStringOrNull(4) is "ref" or "ref_or_null";
            Assert.True(few || !extra.Contains("filesort", StringComparison.Ordinal), access);
        }
    }

    private static string Text(TextRow row) => string.Join(',', Enumerable.Range(0, row.Count).Select(i => row.IsNull(i) ? "NULL" : Convert.ToHexString(row.GetBytes(i))));

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
