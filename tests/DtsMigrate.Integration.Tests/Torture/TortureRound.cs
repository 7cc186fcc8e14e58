using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;
using Xunit.Abstractions;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>One task from its first start to its end under a writer, with faults in between, and the comparison.</summary>
internal sealed class TortureRound(TortureServers servers, int seed, ITestOutputHelper log) : IDisposable
{
    // A process that has only just been started does not listen for SIGTERM yet.
    private const int EndedBySignal = 143;

    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(4);

    private readonly Random _random = new(seed);
    private readonly string _home = Directory.CreateTempSubdirectory("dtsm-torture-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    private bool _begun;

    private string Database { get; } = SharedServers.NewDatabaseName("torture");

    private string TaskFile => Path.Combine(_home, "definition.json");

    /// <summary>Faults done.</summary>
    public int Faults { get; private set; }

    /// <summary>Transactions of the writer.</summary>
    public long Transactions { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunOnceAsync(cancellationToken);
        }
        catch
        {
            await TortureEvidence.KeepAsync(_home, Database, TortureServers.Root(servers.Destination));
            throw;
        }
    }

    /// <summary>Both databases are gone: the next round has the disk to itself.</summary>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        await servers.OpenFirstAsync([], cancellationToken);
        await Journey.ExecuteAsync(TortureServers.Root(servers.Source), $"DROP DATABASE {Database}");
        await Journey.ExecuteAsync(TortureServers.Root(servers.Destination), $"DROP DATABASE {Database}", "DROP DATABASE dts_migrate");
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var workload = new TortureWorkload(TortureServers.Root(servers.Source), Database, seed);
        await workload.CreateAsync(_random.Next(2, 30) * 100, cancellationToken);
        await servers.OpenFirstAsync(TortureSchema.Tables.Select(t => $"{Database}.{t.Name}"), cancellationToken);
        MigrationTask task = Task();
        log.WriteLine($"  {task.Options.CopyThreads} copy threads, spool of {task.Options.BinlogSpoolMegabytes} MB");
        await File.WriteAllTextAsync(TaskFile, TaskDefinitionWriter.ToJson(task), cancellationToken);
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task writes = workload.RunAsync(_random.Next(2, 6), writing.Token);
        WorkerProcess worker = Start();
        try
        {
            var faults = new TortureFaults(servers, _random);
            for (int left = _random.Next(4, 9); left > 0; left--)
            {
                await System.Threading.Tasks.Task.Delay(_random.Next(100, 2500), cancellationToken);
                RequireAlive(worker);
                Faults++;
                if (_random.Next(3) == 0 || !await HasBegunAsync(worker, cancellationToken))
                {
                    worker = await ReplaceAsync(worker);
                }
                else
                {
                    log.WriteLine($"  {await faults.StrikeAsync(cancellationToken)}");
                }
            }

            await servers.SourceProxy.NormalAsync(cancellationToken);
            await servers.DestinationProxy.NormalAsync(cancellationToken);
            await writing.CancelAsync();
            await writes;
            Transactions = workload.Transactions;
            RequireAlive(worker);
            if (_random.Next(2) == 0)
            {
                await CatchUpAsync(worker, cancellationToken);
            }

            await worker.KillAsync();
        }
        finally
        {
            await writing.CancelAsync();
            worker.Dispose();
        }

        (int code, _, string error) = await WorkerProcess.RunAsync(_home, _environment, EndLimit, "run", TaskFile, "--until", "CaughtUp", "--json");
        Assert.True(code == 0, $"Seed {seed}: the last run ended with {code}: {error}");
        var differences = await DatabaseComparer.CompareAsync(TortureServers.Root(servers.Source), Database, TortureServers.Root(servers.Destination), Database, cancellationToken);
        if (differences.Count > 0)
        {
            log.WriteLine(await RowDifferences.DescribeAsync(TortureServers.Root(servers.Source), TortureServers.Root(servers.Destination), Database, differences, cancellationToken));
        }

        Assert.True(differences.Count == 0, $"Seed {seed}: {string.Join("; ", differences)}");
        Assert.True(Transactions > 20, $"Seed {seed}: only {Transactions} transactions were written ({workload.Refused} refused).");
    }

    private MigrationTask Task() => new()
    {
        Name = Database,
        Source = TortureServers.Side(servers.SourceProxy),
        Destination = TortureServers.Side(servers.DestinationProxy),
        Objects = [new DatabaseSelection(Database, Database, All: true, [])],
        Options = new TaskOptions { ChunkBytes = 1 << 20, CopyThreads = _random.Next(1, 5), BinlogSpoolMegabytes = _random.Next(3) switch { 0 => 1, 1 => 64, _ => 0 } },
    };

    private WorkerProcess Start() => WorkerProcess.Start(_home, _environment, "run", TaskFile, "--json");

    private async Task<WorkerProcess> ReplaceAsync(WorkerProcess worker)
    {
        if (_random.Next(4) == 0)
        {
            log.WriteLine("  worker stopped and started again");
            await worker.TerminateAsync();
            (int code, _, string error) = await worker.WaitAsync(EndLimit);
            Assert.True(code is 0 or EndedBySignal, $"Seed {seed}: a stop ended with {code}: {error}");
        }
        else
        {
            log.WriteLine("  worker killed");
            await worker.KillAsync();
        }

        worker.Dispose();
        return Start();
    }

    // A first start fails at once where the servers cannot be reached: that is no time for faults of theirs.
    private async Task<bool> HasBegunAsync(WorkerProcess worker, CancellationToken cancellationToken)
    {
        if (_begun || _random.Next(4) == 0)
        {
            return _begun;
        }

        string query = $"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='dts_migrate' AND TABLE_NAME='task'";
        await WaitFor.ConditionAsync(
            async _ =>
            {
                RequireAlive(worker);
                var server = TortureServers.Root(servers.Destination);
                return await Journey.ScalarAsync(server, query) == "1" && await Journey.ScalarAsync(server, "SELECT COUNT(*) FROM dts_migrate.task WHERE phase<>''") == "1";
            },
            EndLimit,
            "the task's first steps",
            cancellationToken);
        return _begun = true;
    }

    private void RequireAlive(WorkerProcess worker)
    {
        if (worker.HasExited)
        {
            Assert.Fail($"Seed {seed}: the worker ended by itself: {worker.ErrorSoFar}");
        }
    }

    // A status made after the writers' end, of a stream that has applied all that the source has executed.
    private async Task CatchUpAsync(WorkerProcess worker, CancellationToken cancellationToken)
    {
        DateTimeOffset since = TimeProvider.System.GetUtcNow().AddSeconds(2.5);
        await WaitFor.ConditionAsync(
            () =>
            {
                RequireAlive(worker);
                string output = worker.OutputSoFar;
                int end = output.LastIndexOf('\n');
                if (end < 0)
                {
                    return false;
                }

                var status = WorkerProcess.LastStatus(output[..end]);
                return status.GetProperty("state").GetString() == "Replicating"
                    && status.GetProperty("lagSeconds") is { ValueKind: System.Text.Json.JsonValueKind.Number } lag && lag.GetDouble() == 0
                    && status.GetProperty("updatedAt").GetDateTimeOffset() > since;
            },
            EndLimit,
            string.Create(CultureInfo.InvariantCulture, $"the worker of seed {seed} to catch up"),
            cancellationToken);
    }
}
