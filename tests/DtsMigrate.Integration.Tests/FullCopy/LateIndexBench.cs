using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>What tests of late indexes share: a task that creates its tables, all without their plain indexes.</summary>
internal static class LateIndexBench
{
    public static async Task<CopyBench> CreateAsync(string prefix, string ddl, string rows, bool incremental, CancellationToken cancellationToken)
    {
        var (source, destination) = await SharedServers.PairAsync(cancellationToken);
        return await CreateAsync(source, destination, prefix, ddl, rows, incremental, cancellationToken);
    }

    public static async Task<CopyBench> CreateAsync(MySqlServer source, MySqlServer destination, string prefix, string ddl, string rows, bool incremental, CancellationToken cancellationToken)
    {
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName(prefix), incremental, options: new TaskOptions { LateIndexes = LateIndexes.Always })
        {
            HasSchema = true,
            Tuning = new CopyTuning { ChunkBytes = 100_000 },
        };
        await source.RunSqlAsync($"CREATE DATABASE `{bench.Database}` CHARACTER SET utf8mb4; USE `{bench.Database}`; SET cte_max_recursion_depth=10000000; {ddl}\n{rows}", cancellationToken);
        return bench;
    }

    public static async Task CreateTablesAsync(CopyBench bench, CancellationToken cancellationToken)
    {
        await using var store = await bench.OpenStoreAsync(cancellationToken);
        await new SchemaMigrator(await bench.ContextAsync(store, cancellationToken)).CreateTablesAsync(await bench.ReadRoutesAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Asserts that SHOW CREATE TABLE says the same on both sides, in any order: the server lists indexes by when they came.</summary>
    public static async Task AssertSameDefinitionsAsync(CopyBench bench, CancellationToken cancellationToken)
    {
        await using var session = await bench.Destination().OpenAsync(SessionPurpose.Metadata, cancellationToken);
        foreach (var route in await bench.ReadRoutesAsync(cancellationToken))
        {
            var made = await SchemaReader.ReadTableAsync(session, route.Destination, cancellationToken);
            Assert.NotNull(made);
            Assert.Equal(Lines(route.Definition.CreateSql), Lines(made.CreateSql));
        }

        // Foreign keys come with a later step.
        static IEnumerable<string> Lines(string sql) => sql.Split('\n').Where(l => !l.Contains("CONSTRAINT", StringComparison.Ordinal)).Select(l => l.TrimEnd(',')).Order(StringComparer.Ordinal);
    }

    public static Task<string> CreateSqlAsync(CopyBench bench, string table, CancellationToken cancellationToken) =>
        bench.DestinationAsync($"SHOW CREATE TABLE {table}", cancellationToken);

    /// <summary>Number of deferred indexes in the checkpoint.</summary>
    public static async Task<string> PlannedAsync(CopyBench bench, bool built, CancellationToken cancellationToken) =>
        (await bench.DestinationAsync($"SELECT COUNT(*) FROM dts_migrate.deferred_index WHERE task='{bench.Database}' AND built={(built ? 1 : 0)}", cancellationToken)).Trim();
}
