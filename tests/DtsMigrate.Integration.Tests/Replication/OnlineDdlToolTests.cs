using System.Diagnostics;
using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using Xunit.Abstractions;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>
/// pt-online-schema-change itself, on tables that change meanwhile, under a running task. Only where the environment variable DTSMIGRATE_TEST_PTOSC names the program
/// (Debian: percona-toolkit, libdbd-mysql-perl).
/// </summary>
public sealed class OnlineDdlToolTests(ITestOutputHelper log)
{
    private const string Variable = "DTSMIGRATE_TEST_PTOSC";
    private const int Rows = 20_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(OnlineDdlMode.CopyTables)]
    [InlineData(OnlineDdlMode.AdaptPtOsc)]
    public async Task What_the_tool_changes_arrives_while_rows_change(OnlineDdlMode mode)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } program)
        {
            return; // not asked for
        }

        using var limit = new CancellationTokenSource(Limit);
        string fill = $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{Rows}) SELECT i, i%500+1, REPEAT('x',50) FROM n";
        using var bench = await DdlBench.CreateAsync(
            $"""
            SET SESSION cte_max_recursion_depth=1000000;
            CREATE TABLE par (id INT PRIMARY KEY, n INT, v VARCHAR(90)); INSERT INTO par {fill};
            CREATE TABLE chi (id INT PRIMARY KEY, p INT, v VARCHAR(90), CONSTRAINT fk_chi FOREIGN KEY (p) REFERENCES par (id) ON DELETE CASCADE); INSERT INTO chi {fill};
            CREATE TABLE plain (id INT PRIMARY KEY, n INT, v VARCHAR(90)); INSERT INTO plain {fill};
            CREATE TABLE trg (id INT PRIMARY KEY, n INT, v VARCHAR(90)); INSERT INTO trg {fill};
            CREATE TRIGGER stamp BEFORE UPDATE ON trg FOR EACH ROW SET NEW.v=CONCAT('s', NEW.n);
            """,
            t => t with { Options = t.Options with { OnlineDdl = new() { Mode = mode } } });
        await bench.RunAsync();
        using var stop = new CancellationTokenSource();
        Task follow = bench.FollowAsync(stop.Token);
        using var still = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        Task writes = WriteAsync(bench, still.Token);
        await RunAsync(program, bench, "plain", "ADD COLUMN w INT NOT NULL DEFAULT 5, ADD KEY (n)");
        await RunAsync(program, bench, "chi", "ADD COLUMN w INT NOT NULL DEFAULT 5");
        await RunAsync(program, bench, "par", "ADD COLUMN w INT NOT NULL DEFAULT 6", "--alter-foreign-keys-method=rebuild_constraints");
        await RunAsync(program, bench, "par", "DROP COLUMN w", "--alter-foreign-keys-method=rebuild_constraints");
        await RunAsync(program, bench, "trg", "MODIFY v VARCHAR(200)", "--preserve-triggers");
        await still.CancelAsync();
        await writes;
        Assert.False(follow.IsCompleted, $"The task ended: {bench.Status().State} {bench.Status().Message}");
        await stop.CancelAsync();
        await follow;
        await bench.RunAsync();
        await bench.AssertSameAsync();
        foreach (var entry in await bench.LogAsync())
        {
            log.WriteLine($"{entry.Outcome} {entry.Objects}: {entry.Executed}");
        }
    }

    private static async Task WriteAsync(DdlBench bench, CancellationToken cancellationToken)
    {
        var random = new Random(3);
        await using var session = await MySqlSession.ConnectAsync(bench.Source with { Database = bench.Database }, TimeProvider.System, CancellationToken.None);
        for (int i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            int id = random.Next(501, Rows);
            foreach (string table in (string[])["plain", "trg", "par", "chi"])
            {
                string number = table == "chi" ? "p" : "n";
                await session.ExecuteAsync($"UPDATE {table} SET v='u{i}' WHERE id={id}", CancellationToken.None);
                await session.ExecuteAsync($"DELETE FROM {table} WHERE id={id + 1}", CancellationToken.None);
                await session.ExecuteAsync($"INSERT IGNORE INTO {table} (id,{number},v) VALUES ({id + 1},{i % 500 + 1},'i{i}')", CancellationToken.None);
            }

            await Task.Delay(5, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(string program, DdlBench bench, string table, string alter, params string[] more)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string place = string.Create(CultureInfo.InvariantCulture, $"h={bench.Source.Host},P={bench.Source.Port},u={bench.Source.User},D={bench.Database},t={table}");
        string[] common = ["--execute", "--alter", alter, "--chunk-size=2000", "--no-check-replication-filters", "--recursion-method=none", "--no-version-check"];
        foreach (string argument in (string[])[.. common, .. more, place])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        log.WriteLine($"{table}: {await output}{error}");
        Assert.True(process.ExitCode == 0, $"{await output}{error}");
    }
}
