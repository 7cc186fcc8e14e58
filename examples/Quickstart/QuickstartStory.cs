using System.Diagnostics;
using System.Globalization;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;
using DtsMigrate.Testing.Shop;
using Spectre.Console;

namespace DtsMigrate.Quickstart;

/// <summary>The story: two servers, a shop, a writer, a migration, a comparison.</summary>
internal sealed class QuickstartStory(QuickstartOptions options, IAnsiConsole console)
{
    private const string Database = "shop";
    private const string Account = "dts";
    private const string AccountPassword = "quick-Start#1";

    /// <summary>Runs it; everything it started is gone afterwards.</summary>
    public async Task<QuickstartResult> RunAsync(CancellationToken cancellationToken)
    {
        string home = Directory.CreateTempSubdirectory("dtsmigrate-quickstart-").FullName;
        try
        {
            Say("Starting two MySQL servers on loopback.");
            await using MySqlServer source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "source" }, cancellationToken);
            await using MySqlServer destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "destination" }, cancellationToken);
            Say($"Source on port {source.Port}, destination on port {destination.Port}.");
            long rows = await PrepareAsync(source, destination, cancellationToken);
            Say($"The shop has {rows:N0} rows in {ShopSchema.CreateStatements.Count} tables.");
            return await MigrateAsync(source, destination, new TaskHome(home), cancellationToken);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static MySqlSessionOptions Root(MySqlServer server) => new() { Host = server.Host, Port = server.Port, User = server.User, Password = Secret.From(server.Password) };

    private async Task<long> PrepareAsync(MySqlServer source, MySqlServer destination, CancellationToken cancellationToken)
    {
        await using MySqlSession left = await MySqlSession.ConnectAsync(Root(source), TimeProvider.System, cancellationToken);
        await using MySqlSession right = await MySqlSession.ConnectAsync(Root(destination), TimeProvider.System, cancellationToken);

        // Exactly the permissions of the README's table.
        await CreateAccountAsync(left, [$"SELECT, SHOW VIEW, LOCK TABLES ON {Database}.*", "REPLICATION SLAVE, REPLICATION CLIENT ON *.*"], cancellationToken);
        const string All = "CREATE, ALTER, DROP, INDEX, REFERENCES, SELECT, INSERT, UPDATE, DELETE";
        await CreateAccountAsync(right, [$"{All} ON {Database}.*", $"{All} ON dts_migrate.*"], cancellationToken);
        Say($"Filling the sample shop ({options.Rows:N0} rows).");
        return await ShopSchema.CreateAsync(left, Database, options.Rows, cancellationToken);
    }

    private static async Task CreateAccountAsync(MySqlSession session, string[] grants, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"CREATE USER {Account} IDENTIFIED BY '{AccountPassword}'", cancellationToken);
        foreach (string grant in grants)
        {
            await session.ExecuteAsync($"GRANT {grant} TO {Account}", cancellationToken);
        }
    }

    private async Task<QuickstartResult> MigrateAsync(MySqlServer source, MySqlServer destination, TaskHome home, CancellationToken cancellationToken)
    {
        var task = new MigrationTask
        {
            Name = "quickstart",
            Source = new ConnectionDefinition { Host = source.Host, Port = source.Port, User = Account },
            Destination = new ConnectionDefinition { Host = destination.Host, Port = destination.Port, User = Account },
            Objects = [new DatabaseSelection(Database, Database, All: true, [])],
        };
        Secret password = Secret.From(AccountPassword);
        var secrets = new SecretResolver(source: password, destination: password);
        var writer = new ShopWriter(Root(source), Database, options.Rows, TimeSpan.FromMilliseconds(1));
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task writes = writer.RunAsync(connections: 4, seed: 20261, writing.Token);
        try
        {
            Say("A writer with four connections is at work on the source.");
            await PrecheckAsync(task, password, cancellationToken);
            var clock = Stopwatch.StartNew();
            (MigrationStatus status, double secondsFull) = await FollowAsync(task, home, secrets, writer, writes, cancellationToken);
            await writing.CancelAsync();
            await writes;
            Say($"The writer is stopped after {writer.Transactions:N0} transactions with {writer.Changes:N0} changes; draining the stream.");
            var run = new MigrationRun(task, home.Folder(task.Name), secrets, TimeProvider.System);
            status = await run.RunAsync(RunUntil.CaughtUp, cancellationToken);
            double secondsTotal = clock.Elapsed.TotalSeconds;
            return await CompareAsync(source, destination, status, run.Tables.Count, secondsFull, secondsTotal, cancellationToken);
        }
        finally
        {
            await writing.CancelAsync();
            await writes;
        }
    }

    private async Task PrecheckAsync(MigrationTask task, Secret password, CancellationToken cancellationToken)
    {
        var source = new ServerConnector("source", task.Source, password, task.Options, TimeProvider.System);
        var destination = new ServerConnector("destination", task.Destination, password, task.Options, TimeProvider.System);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Outcome", "Check", "Target", "Message").Title("Precheck: what did not simply pass");
        int passed = 0;
        await foreach (PrecheckResult result in PrecheckRunner.RunAsync(task, source, destination, isResume: false, cancellationToken))
        {
            if (result.Outcome == nameof(PrecheckOutcome.Passed))
            {
                passed++;
                continue;
            }

            string colour = result.Outcome switch { nameof(PrecheckOutcome.Failed) => "red", nameof(PrecheckOutcome.Warning) => "yellow", _ => "grey" };
            table.AddRow($"[{colour}]{result.Outcome}[/]", Markup.Escape(result.Check), Markup.Escape(result.Target), Markup.Escape(result.Message));
        }

        console.Write(table);
        Say($"{passed} precheck items passed.");
    }

    /// <summary>Runs the migration with a live view until it follows the source and enough changes are applied, then stops it.</summary>
    private async Task<(MigrationStatus Status, double SecondsFull)> FollowAsync(MigrationTask task, TaskHome home, SecretResolver secrets, ShopWriter writer, Task writes, CancellationToken cancellationToken)
    {
        var run = new MigrationRun(task, home.Folder(task.Name), secrets, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<MigrationStatus> running = run.RunAsync(RunUntil.Completed, stop.Token);
        var clock = Stopwatch.StartNew();
        double secondsFull = 0;
        await new QuickstartView(console).ShowWhileAsync(async show =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            while (!running.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
            {
                MigrationStatus now = run.Status;
                if (secondsFull == 0 && now.State is (nameof(TaskState.CatchingUp) or nameof(TaskState.Replicating)))
                {
                    secondsFull = clock.Elapsed.TotalSeconds;
                }

                show(now, run.Tables, writer.Changes);
                if (writes.IsFaulted || (now.State == nameof(TaskState.Replicating) && now.ChangesApplied >= options.Changes))
                {
                    await stop.CancelAsync();
                    break;
                }
            }
        });
        return (await running, secondsFull);
    }

    private async Task<QuickstartResult> CompareAsync(
        MySqlServer source, MySqlServer destination, MigrationStatus status, int tables, double secondsFull, double secondsTotal, CancellationToken cancellationToken)
    {
        Say("Comparing both sides by an independent row digest.");
        IReadOnlyList<string> differences = await DatabaseComparer.CompareAsync(Root(source), Database, Root(destination), Database, cancellationToken);
        foreach (string difference in differences)
        {
            Say($"DIFFERENT {difference}");
        }

        bool ok = differences.Count == 0 && status.ChangesApplied >= options.Changes;
        var result = new QuickstartResult(ok, tables, status.RowsCopied, status.ChangesApplied, differences.Count, Math.Round(secondsFull, 1), Math.Round(secondsTotal, 1), Math.Round(status.PeakMemoryMb, 1));
        var grid = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "").Title(ok ? "[green]Both sides are equal[/]" : "[red]Not equal[/]");
        void Row(string name, string value) => grid.AddRow(name, Markup.Escape(value));
        Row("Tables", result.Tables.ToString(CultureInfo.InvariantCulture));
        Row("Rows copied", result.RowsCopied.ToString("N0", CultureInfo.InvariantCulture));
        Row("Changes applied", result.ChangesApplied.ToString("N0", CultureInfo.InvariantCulture));
        Row("Tables that differ", result.Differences.ToString(CultureInfo.InvariantCulture));
        Row("Full copy", string.Create(CultureInfo.InvariantCulture, $"{result.SecondsFull:0.0} s"));
        Row("Start to drained", string.Create(CultureInfo.InvariantCulture, $"{result.SecondsTotal:0.0} s"));
        Row("Peak memory", string.Create(CultureInfo.InvariantCulture, $"{result.PeakMemoryMb:0} MiB"));
        console.Write(grid);
        return result;
    }

    private void Say(FormattableString text) => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, text);

    private void Say(string text) => console.MarkupLine(Markup.Escape(text));
}
