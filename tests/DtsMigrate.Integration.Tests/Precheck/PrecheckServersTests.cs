using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Precheck;

/// <summary>Items about settings, on servers of their own: one with every setting that a source must not have, one poor destination.</summary>
public sealed class PrecheckServersTests : IAsyncLifetime
{
    private MySqlServer _bad = null!;
    private MySqlServer _poor = null!;

    public async Task InitializeAsync()
    {
        _bad = await MySqlServer.StartAsync(
            new MySqlServerOptions
            {
                Name = "bad source",
                ServerId = 0,
                Gtid = false,
                Settings = new Dictionary<string, string?>
                {
                    ["binlog-format"] = "STATEMENT",
                    ["binlog-row-image"] = "MINIMAL",
                    ["binlog-do-db"] = "Shop",
                    ["binlog-expire-logs-seconds"] = "3600",
                    ["loose-innodb-native-foreign-keys"] = "ON",
                },
            },
            CancellationToken.None);
        _poor = await MySqlServer.StartAsync(
            new MySqlServerOptions
            {
                Name = "poor destination",
                BinaryLog = false,
                Settings = new Dictionary<string, string?> { ["local-infile"] = "OFF", ["max-allowed-packet"] = "1M", ["lower-case-table-names"] = "1", ["disabled-storage-engines"] = "MEMORY" },
            },
            CancellationToken.None);
        await _bad.RunSqlAsync(
            """
            CREATE DATABASE Shop; USE Shop;
            CREATE TABLE Parent (a int PRIMARY KEY);
            CREATE TABLE child (a int PRIMARY KEY, CONSTRAINT fk FOREIGN KEY (a) REFERENCES Parent (a) ON DELETE CASCADE, CONSTRAINT fk2 FOREIGN KEY (a) REFERENCES Parent (a) ON UPDATE CASCADE);
            CREATE TABLE nokey (a int, b int, UNIQUE KEY (b));
            CREATE TABLE NOKEY (a int);
            CREATE TABLE mem (a int PRIMARY KEY) ENGINE=MEMORY;
            """,
            CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _bad.DisposeAsync();
        await _poor.DisposeAsync();
    }

    [Fact]
    public async Task Every_unfit_setting_is_found_and_the_given_sql_mends_what_sql_can_mend()
    {
        await _poor.RunSqlAsync("SET GLOBAL super_read_only=ON", CancellationToken.None);
        var task = PrecheckTask.Between(_bad, _poor, "Shop");
        string before = await StateAsync();

        var report = await task.RunAsync();

        Assert.Equal(before, await StateAsync());
        string[] failed =
        [
            "BinlogFormat", "BinlogRowImage", "BinlogFilters", "ServerId", "StorageEngine", "ForeignKeyCascades", "LowerCaseTableNames", "DestinationReadOnly",
        ];
        report.FailsOnly(failed);
        foreach (string warned in (string[])["BinlogRetention", "GtidMode", "TablesWithoutKey", "LocalInfile", "MaxAllowedPacket"])
        {
            Assert.NotNull(report.Warning(warned).Recommendation);
        }

        Assert.All(report.Results.Where(r => r.Outcome is "Failed" or "Warning"), r => Assert.False(string.IsNullOrEmpty(r.Recommendation)));
        Assert.Contains("STATEMENT", report.Failed("BinlogFormat").Message, StringComparison.Ordinal);
        Assert.Contains("Shop.NOKEY and Shop.nokey", report.Failed("LowerCaseTableNames").Message, StringComparison.Ordinal);
        Assert.Contains("has no engine MEMORY", report.Failed("StorageEngine").Message, StringComparison.Ordinal);
        Assert.Contains("Shop.child: a column is in two", report.Failed("ForeignKeyCascades").Message, StringComparison.Ordinal);
        Assert.Contains("2 tables have no primary key", report.Warning("TablesWithoutKey").Message, StringComparison.Ordinal);

        foreach (var result in report.Results.Where(r => r.FixSql is not null))
        {
            bool onSource = result.Category == PrecheckCategory.BinaryLog;
            await (onSource ? _bad : _poor).RunSqlAsync(result.FixSql!, CancellationToken.None);
        }

        // A place in a binary log file means nothing on another server.
        report = await (task with { Source = task.Source with { OtherHosts = $"{_poor.Host}:{_poor.Port}" } }).RunAsync();
        report.FailsOnly("BinlogFilters", "StorageEngine", "ForeignKeyCascades", "LowerCaseTableNames", "GtidMode");
        Assert.Contains("source.otherHosts", report.Failed("GtidMode").Recommendation, StringComparison.Ordinal);

        report = await task.RunAsync();
        report.FailsOnly("BinlogFilters", "StorageEngine", "ForeignKeyCascades", "LowerCaseTableNames");
        report.Passed("LocalInfile");
        report.Passed("BinlogRetention");
    }

    [Fact]
    public async Task A_source_without_binary_log_fails_for_incremental_migration_only()
    {
        await _poor.RunSqlAsync("CREATE DATABASE lower; CREATE TABLE lower.t (a int PRIMARY KEY)", CancellationToken.None);
        var task = PrecheckTask.Between(_poor, _bad, "lower");
        var report = await task.RunAsync();
        Assert.Contains("log_bin is OFF", report.Failed("BinlogEnabled").Message, StringComparison.Ordinal);
        report.Skipped("BinlogFilters");
        report.FailsOnly("BinlogEnabled");

        // This source takes names in any case.
        report = await (task with { Types = MigrationTypes.Schema | MigrationTypes.Full, Objects = [new DatabaseSelection("LOWER", "n", false, [new TableSelection("T", "T")])] }).RunAsync();
        report.FailsOnly();
        report.Skipped("BinlogEnabled");
        report.Passed("ObjectsExist");
    }

    [Fact]
    public async Task A_fit_pair_passes_every_item_in_declared_order_and_nothing_changes()
    {
        await _poor.RunSqlAsync("CREATE DATABASE fit; CREATE TABLE fit.t (a int PRIMARY KEY)", CancellationToken.None);
        string before = await StateAsync();
        var report = await (PrecheckTask.Between(_poor, _bad, "fit") with { Types = MigrationTypes.Schema | MigrationTypes.Full }).RunAsync();
        Assert.All(report.Results, r => Assert.True(r.Outcome is "Passed" or "Skipped", report.ToString()));
        Assert.Equal(PrecheckList.Create().Select(c => c.Code), report.Results.Select(r => r.Check));
        Assert.All(report.Results, r => Assert.True(r.DurationMs >= 0 && r.Task == "check" && r.Message.Length > 0));
        Assert.Contains("encrypted with TLS", report.Passed("SourceConnectivity").Message, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync());
    }

    private async Task<string> StateAsync()
    {
        string state = string.Empty;
        foreach (var server in (MySqlServer[])[_bad, _poor])
        {
            state += await server.RunSqlAsync("SHOW DATABASES; SHOW GLOBAL VARIABLES WHERE Variable_name NOT LIKE '%timestamp'", CancellationToken.None);
        }

        return state + await _bad.RunSqlAsync("SHOW BINARY LOG STATUS", CancellationToken.None);
    }
}
