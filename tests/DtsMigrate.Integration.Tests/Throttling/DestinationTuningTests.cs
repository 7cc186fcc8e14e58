using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Throttling;

/// <summary>Settings of a destination of its own, changed for the time of the copy: set back however the copy ends.</summary>
public sealed class DestinationTuningTests : IAsyncLifetime
{
    private const string Values = "SELECT @@GLOBAL.innodb_flush_log_at_trx_commit, @@GLOBAL.sync_binlog, (SELECT VARIABLE_VALUE FROM performance_schema.global_status WHERE VARIABLE_NAME='Innodb_redo_log_enabled')";
    private const string Before = "1\t7\tON";
    private const string Changed = "2\t0\tOFF";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private MySqlServer _destination = null!;
    private Journey _journey = null!;

    public async Task InitializeAsync()
    {
        _journey = await Journey.CreateAsync("tuning");
        _destination = await MySqlServer.StartAsync(
            new MySqlServerOptions { Name = "tuned", Settings = new Dictionary<string, string?> { ["sync-binlog"] = "7", ["innodb-flush-log-at-trx-commit"] = "1" } }, CancellationToken.None);
        await SqlAsync($"CREATE USER journey IDENTIFIED BY '{Journey.PasswordText.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'; GRANT ALL ON *.* TO journey");
        await Journey.ExecuteAsync(
            _journey.SourceRoot,
            $"CREATE DATABASE `{_journey.Database}`",
            $"CREATE TABLE `{_journey.Database}`.t (id INT PRIMARY KEY, v VARCHAR(100))",
            $"INSERT INTO `{_journey.Database}`.t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<900) SELECT i, REPEAT('v',50) FROM c");
    }

    public async Task DisposeAsync()
    {
        _journey.Dispose();
        await _destination.DisposeAsync();
    }

    [Fact]
    public async Task Settings_are_set_back_after_kill_9_by_the_next_start_and_by_command()
    {
        MigrationTask tuned = Task(DestinationTuning.RelaxedFlush | DestinationTuning.RedoLogOff, rowsPerSecond: 5);
        await _journey.WriteTaskAsync(tuned);
        await KillDuringCopyAsync();
        Assert.Equal(Changed, await ValuesAsync());

        // The lease of the killed worker is young: it might be alive on another machine.
        (int young, _, string held) = await _journey.RunAsync("restore-settings", _journey.TaskFile);
        Assert.Equal(4, young);
        Assert.Contains("LeaseHeld", held, StringComparison.Ordinal);
        await SqlAsync("UPDATE dts_migrate.lease SET renewed_at='1970-01-01'");
        (int code, string output, string error) = await _journey.RunAsync("restore-settings", _journey.TaskFile);
        Assert.True(code == 0, error);
        Assert.Contains("sync_binlog is set back from 0 to 7.", output, StringComparison.Ordinal);
        Assert.Equal(Before, await ValuesAsync());
        Assert.Equal("0\t0", await SqlAsync("SELECT (SELECT COUNT(*) FROM dts_migrate.server_setting), (SELECT COUNT(*) FROM dts_migrate.server_setting_user)"));
        Assert.Contains("no settings changed", (await _journey.RunAsync("restore-settings", _journey.TaskFile)).Output, StringComparison.Ordinal);

        // Killed twice more, and then started without the option: the very first values come back.
        await KillDuringCopyAsync();
        await KillDuringCopyAsync();
        Assert.Equal(Changed, await ValuesAsync());
        await _journey.WriteTaskAsync(Task(DestinationTuning.None, rowsPerSecond: 0));
        (code, _, error) = await _journey.RunAsync("run", _journey.TaskFile, "--until", "CaughtUp", "--json");
        Assert.True(code == 0, error);
        Assert.Equal(Before, await ValuesAsync());
        Assert.Empty(await DatabaseComparer.CompareAsync(_journey.SourceRoot, _journey.Database, Root(), _journey.Database, CancellationToken.None));
    }

    [Fact]
    public async Task Settings_are_set_back_when_the_copy_ends_and_when_it_is_stopped()
    {
        await _journey.WriteTaskAsync(Task(DestinationTuning.RelaxedFlush | DestinationTuning.RedoLogOff, rowsPerSecond: 5));
        using (WorkerProcess worker = WorkerProcess.Start(_journey.Home, _journey.Environment, "run", _journey.TaskFile, "--json"))
        {
            await WaitFor.ConditionAsync(async _ => await ValuesAsync() == Changed, Limit, "the changed settings", CancellationToken.None);
            Assert.Equal(0, (await _journey.RunAsync("stop", _journey.Database)).Code);
            Assert.Equal(Before, await ValuesAsync());
        }

        await _journey.WriteTaskAsync(Task(DestinationTuning.RelaxedFlush | DestinationTuning.RedoLogOff, rowsPerSecond: 0));
        (int code, _, string error) = await _journey.RunAsync("run", _journey.TaskFile, "--until", "CaughtUp", "--json");
        Assert.True(code == 0, error);
        Assert.Equal(Before, await ValuesAsync());
        string log = await File.ReadAllTextAsync(Path.Combine(_journey.Home, _journey.Database, "events.jsonl"));
        Assert.Contains("innodb_redo_log_enabled from ON to OFF", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_of_several_tasks_sets_back_what_the_first_has_found()
    {
        var connector = new ServerConnector(
            "destination", new ConnectionDefinition { Host = _destination.Host, Port = _destination.Port, User = "root", Tls = TlsMode.Disabled }, Secret.Empty, new TaskOptions(), TimeProvider.System);
        await using var store = await CheckpointStore.OpenAsync(connector, "any", "hash", "test:1:x", CancellationToken.None);
        ServerSettingStore one = Store("one");
        ServerSettingStore two = Store("two");
        ServerSetting setting = ServerSetting.All.Single(s => s.Name == "sync_binlog");

        Assert.Equal("sync_binlog from 7 to 0", await one.ChangeAsync(setting, CancellationToken.None));
        Assert.Equal("sync_binlog from 7 to 0", await two.ChangeAsync(setting, CancellationToken.None));
        Assert.Equal("sync_binlog from 7 to 0", await one.ChangeAsync(setting, CancellationToken.None));
        Assert.Equal(["sync_binlog stays for task two"], await one.RestoreAsync(CancellationToken.None));
        Assert.Equal("0", await SqlAsync("SELECT @@GLOBAL.sync_binlog"));
        Assert.Equal(["sync_binlog is set back from 0 to 7"], await two.RestoreAsync(CancellationToken.None));
        Assert.Equal("7", await SqlAsync("SELECT @@GLOBAL.sync_binlog"));
        Assert.Empty(await two.RestoreAsync(CancellationToken.None));

        // What somebody else has set since is his.
        await one.ChangeAsync(setting, CancellationToken.None);
        await SqlAsync("SET GLOBAL sync_binlog=100");
        Assert.Contains("left so", Assert.Single(await one.RestoreAsync(CancellationToken.None)), StringComparison.Ordinal);
        Assert.Equal("100", await SqlAsync("SELECT @@GLOBAL.sync_binlog"));

        // As good as asked for: nothing to change.
        ServerSetting flush = ServerSetting.All[0];
        await SqlAsync("SET GLOBAL innodb_flush_log_at_trx_commit=0");
        Assert.Null(await one.ChangeAsync(flush, CancellationToken.None));

        ServerSettingStore Store(string task) => new(connector, task, static (_, _) => System.Threading.Tasks.Task.CompletedTask);
    }

    [Fact]
    public async Task What_may_not_be_changed_blocks_the_precheck_with_its_remedy()
    {
        await SqlAsync("CREATE DATABASE other; REVOKE INNODB_REDO_LOG_ENABLE, SYSTEM_VARIABLES_ADMIN, SUPER, SHOW DATABASES ON *.* FROM journey");
        await _journey.WriteTaskAsync(Task(DestinationTuning.RelaxedFlush | DestinationTuning.RedoLogOff, rowsPerSecond: 0));
        (int code, _, string error) = await _journey.RunAsync("run", _journey.TaskFile, "--json");

        Assert.Equal(3, code);
        foreach (string part in new[] { "SYSTEM_VARIABLES_ADMIN", "INNODB_REDO_LOG_ENABLE", "SHOW DATABASES", "GRANT ", "RedoLogOff is for a destination without other databases", "there are: other" })
        {
            Assert.Contains(part, error, StringComparison.Ordinal);
        }

        Assert.Equal(Before, await ValuesAsync());
    }

    private async Task KillDuringCopyAsync()
    {
        using WorkerProcess worker = WorkerProcess.Start(_journey.Home, _journey.Environment, "run", _journey.TaskFile, "--json");
        string status = Path.Combine(_journey.Home, _journey.Database, "status.json");
        await WaitFor.ConditionAsync(
            async token => worker.HasExited || (await ValuesAsync() == Changed && File.Exists(status) && (await File.ReadAllTextAsync(status, token)).Contains("\"throttleReason\":\"Throttled", StringComparison.Ordinal)),
            Limit,
            "the copy under way with changed settings",
            CancellationToken.None);
        Assert.False(worker.HasExited);
        await worker.KillAsync();
    }

    private MigrationTask Task(DestinationTuning tuning, long rowsPerSecond)
    {
        MigrationTask task = _journey.Task();
        return task with
        {
            Destination = task.Destination with { Port = _destination.Port },
            Options = task.Options with { DestinationTuning = tuning, Throttle = new ThrottleLimits { FullRowsPerSecond = rowsPerSecond } },
        };
    }

    private Task<string> ValuesAsync() => SqlAsync(Values);

    private async Task<string> SqlAsync(string sql) => (await _destination.RunSqlAsync(sql, CancellationToken.None)).Trim();

    private MySqlSessionOptions Root() => new() { Host = _destination.Host, Port = _destination.Port, User = "root", Password = Secret.From(_destination.Password) };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_journey.Database} on {_destination.Port}");
}
