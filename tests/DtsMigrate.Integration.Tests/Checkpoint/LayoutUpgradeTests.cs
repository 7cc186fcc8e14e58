using DtsMigrate.Integration.Tests.FullCopy;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Checkpoint;

public sealed class LayoutUpgradeTests
{
    private const string Columns =
        "SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, column_default) FROM information_schema.columns WHERE table_schema='dts_migrate' ORDER BY 1";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // Layout 1, as the first release made it, with a task half done.
    private const string Layout1 =
        """
        CREATE DATABASE dts_migrate CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE TABLE dts_migrate.layout (id TINYINT NOT NULL PRIMARY KEY, version INT NOT NULL);
        INSERT INTO dts_migrate.layout VALUES (1, 1);
        CREATE TABLE dts_migrate.task (name VARCHAR(64) NOT NULL PRIMARY KEY, definition_hash VARCHAR(128) NOT NULL, phase VARCHAR(64) NOT NULL DEFAULT '', created_at DATETIME(6) NOT NULL);
        CREATE TABLE dts_migrate.table_copy (
          task VARCHAR(64) NOT NULL, number INT NOT NULL, source_database VARCHAR(64) NOT NULL, source_table VARCHAR(64) NOT NULL,
          destination_database VARCHAR(64) NOT NULL, destination_table VARCHAR(64) NOT NULL, state VARCHAR(16) NOT NULL, definition_hash VARCHAR(128) NOT NULL,
          watermark LONGTEXT NULL, fuzzy_end LONGTEXT NULL, plan_complete TINYINT NOT NULL DEFAULT 0, rows_copied BIGINT NOT NULL DEFAULT 0, bytes_copied BIGINT NOT NULL DEFAULT 0,
          PRIMARY KEY (task, number));
        CREATE TABLE dts_migrate.chunk (
          task VARCHAR(64) NOT NULL, table_number INT NOT NULL, number INT NOT NULL, lower_bound LONGTEXT NULL, upper_bound LONGTEXT NULL,
          done TINYINT NOT NULL DEFAULT 0, row_count BIGINT NOT NULL DEFAULT 0, byte_count BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (task, table_number, number));
        INSERT INTO dts_migrate.chunk VALUES ('upgrade', 1, 1, NULL, '["7"]', 1, 7, 70), ('upgrade', 1, 2, '["7"]', NULL, 0, 0, 0);
        """;

    [Fact]
    public async Task Layout_1_is_upgraded_and_keeps_its_progress_even_when_the_upgrade_was_killed_half_way()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "layout" }, limit.Token);
        await server.RunSqlAsync(Layout1 + "ALTER TABLE dts_migrate.chunk ADD COLUMN scope LONGTEXT NULL;", limit.Token);
        var bench = new CopyBench(server, server, "upgrade");
        await using (var store = await bench.OpenStoreAsync(limit.Token))
        {
            Assert.Equal(["done", "open"], (await store.Chunks.ReadAsync(1, limit.Token)).Select(c => c.Done ? "done" : "open"));
        }

        string upgraded = await server.RunSqlAsync(Columns + ";", limit.Token);
        Assert.Equal("7 70", (await server.RunSqlAsync("SELECT CONCAT(row_count, ' ', byte_count) FROM dts_migrate.chunk WHERE done=1 AND scope IS NULL AND priority=0;", limit.Token)).Trim());

        await server.RunSqlAsync("DROP DATABASE dts_migrate;", limit.Token);
        await using (await bench.OpenStoreAsync(limit.Token))
        {
            Assert.Equal(await server.RunSqlAsync(Columns + ";", limit.Token), upgraded);
        }
    }
}
