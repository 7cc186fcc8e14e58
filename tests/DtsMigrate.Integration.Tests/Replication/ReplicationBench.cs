using System.Globalization;
using System.Text;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.Integration.Tests.Schema;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>A database on two servers that hold the same rows at the start, and a replicator between them.</summary>
internal sealed class ReplicationBench : IAsyncDisposable
{
    private MigrationTask _task;
    private readonly ServerConnector _source;
    private readonly ServerConnector _destination;
    private readonly HashSet<MySqlServer> _created = [];
    private CheckpointStore? _store;
    private IReadOnlyList<TableRoute> _routes = [];
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;
    private bool _copies;
    private MySqlSession? _sourceSession;
    private MySqlSession? _destinationSession;

    public ReplicationBench(MySqlServer source, MySqlServer destination, FaultProxy? sourceProxy = null, FaultProxy? destinationProxy = null, ConflictMode mode = ConflictMode.PrecheckAndReportErrors, MySqlServer? otherSource = null)
    {
        Database = SharedServers.NewDatabaseName("stream");
        Source = source;
        Destination = destination;
        _task = new MigrationTask
        {
            Name = Database,
            Source = Connection(source, sourceProxy) with { OtherHosts = otherSource is null ? null : string.Create(CultureInfo.InvariantCulture, $"{otherSource.Host}:{otherSource.Port}") },
            Destination = Connection(destination, destinationProxy),
            Objects = [new DatabaseSelection(Database, Database, true, [])],
            ConflictMode = mode,
        };
        _source = new ServerConnector("source", _task.Source, Secret.Empty, _task.Options, TimeProvider.System);
        _destination = new ServerConnector("destination", _task.Destination, Secret.Empty, _task.Options, TimeProvider.System);
    }

    public string Database { get; }

    /// <summary>The source; the test sets the promoted one after a failover.</summary>
    public MySqlServer Source { get; set; }

    public MySqlServer Destination { get; }

    /// <summary>How changes are grouped.</summary>
    public ApplyTuning Tuning { get; init; } = new();

    public MemoryLog Log { get; } = new();

    public RunMetrics Metrics { get; private set; } = new();

    /// <summary>Options of the task, from the next start on.</summary>
    public TaskOptions Options
    {
        get => _task.Options;
        set => _task = _task with { Options = value };
    }

    /// <summary>Where the binary log may be spooled.</summary>
    public string? SpoolFolder { get; set; }

    /// <summary>The run's context since the last start.</summary>
    public RunContext Context { get; private set; } = null!;

    public Replicator Replicator { get; private set; } = null!;

    public CheckpointStore Store => _store!;

    public Task Run => _run;

    public static async Task<ReplicationBench> OnSharedServersAsync(CancellationToken cancellationToken, ApplyTuning? tuning = null)
    {
        var (source, destination) = await SharedServers.PairAsync(cancellationToken);
        return new ReplicationBench(source, destination) { Tuning = tuning ?? new ApplyTuning() };
    }

    /// <summary>Runs statements on the source, in the bench's database.</summary>
    public async Task SourceAsync(string sql, CancellationToken cancellationToken)
    {
        _sourceSession ??= await OpenDirectAsync(Source, cancellationToken);
        await RunAsync(_sourceSession, Source, sql, cancellationToken);
    }

    /// <summary>Runs statements on the destination, in the bench's database.</summary>
    public async Task DestinationAsync(string sql, CancellationToken cancellationToken)
    {
        _destinationSession ??= await OpenDirectAsync(Destination, cancellationToken);
        await RunAsync(_destinationSession, Destination, sql, cancellationToken);
    }

    /// <summary>Reads one value on the destination, in the bench's database.</summary>
    public async Task<string> DestinationValueAsync(string sql, CancellationToken cancellationToken)
    {
        await DestinationAsync("DO 0", cancellationToken);
        return (await _destinationSession!.QueryRowsAsync(sql, cancellationToken))[0].GetString(0);
    }

    /// <summary>Forgets the test's own sessions: their server was restarted.</summary>
    public async Task ReconnectAsync()
    {
        foreach (var session in new[] { _sourceSession, _destinationSession })
        {
            await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _sourceSession = null;
        _destinationSession = null;
    }

    /// <summary>Creates the database with tables and rows on both sides, and records all tables as copied at this moment.</summary>
    /// <param name="ddl">Tables and rows.</param>
    /// <param name="fuzzy">Statements that run on the source after the watermark and before E(T): they are applied as upserts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task PrepareAsync(string ddl, string? fuzzy, CancellationToken cancellationToken)
    {
        await SourceAsync(ddl, cancellationToken);
        await DestinationAsync(ddl, cancellationToken);
        await using var metadata = await _source.OpenAsync(SessionPurpose.Metadata, cancellationToken);
        var facts = await ServerConnector.ReadFactsAsync(metadata, cancellationToken);
        await PlanAsync(metadata, facts, cancellationToken);
        var positions = new SourcePositionReader(facts);
        var watermark = await positions.ReadAsync(metadata, cancellationToken);
        if (fuzzy is not null)
        {
            await SourceAsync(fuzzy, cancellationToken);
        }

        var end = await positions.ReadAsync(metadata, cancellationToken);
        foreach (var route in _routes)
        {
            bool exact = route.Definition.IdentityKey is null;
            await Store.BeginCopyAsync(route.Number, watermark, cancellationToken);
            await Store.EndCopyAsync(route.Number, exact ? watermark : end, 0, 0, cancellationToken);
        }
    }

    /// <summary>Creates the database with tables on both sides and rows on the source: the copy will run beside the stream, in small chunks.</summary>
    public async Task PrepareCopyAsync(string ddl, string rows, CancellationToken cancellationToken)
    {
        _copies = true;
        await DestinationAsync(ddl, cancellationToken);
        await SourceAsync(ddl + rows, cancellationToken);
        await using var metadata = await _source.OpenAsync(SessionPurpose.Metadata, cancellationToken);
        await PlanAsync(metadata, await ServerConnector.ReadFactsAsync(metadata, cancellationToken), cancellationToken);
    }

    /// <summary>Starts a replicator from the checkpoint, and the copy where there is one.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var source = await _source.OpenAsync(SessionPurpose.Metadata, cancellationToken);
        await using var destination = await _destination.OpenAsync(SessionPurpose.Metadata, cancellationToken);
        Metrics = new RunMetrics();
        var context = new RunContext
        {
            Task = _task,
            Source = _source,
            Destination = _destination,
            SourceFacts = await ServerConnector.ReadFactsAsync(source, cancellationToken),
            DestinationFacts = await ServerConnector.ReadFactsAsync(destination, cancellationToken),
            Store = Store,
            Retry = new RetryPolicy(_task.Options, TimeProvider.System, attempt => Log.Write(LogLevel.Warning, "Retry", attempt.Cause.ToString()))
            {
                FirstDelay = TimeSpan.FromMilliseconds(100),
            },
            Metrics = Metrics,
            Log = Log,
            Time = TimeProvider.System,
            SpoolFolder = SpoolFolder,
        };
        Context = context;
        _stop = new CancellationTokenSource();
        Replicator = new Replicator(context, new ObjectSelection(_task, context.SourceFacts.LowerCaseTableNames != 0), _routes, Tuning);
        _run = Task.Run(() => Task.WhenAll(Replicator.RunAsync(_stop.Token), _copies ? CopyAsync(context, _stop.Token) : Task.CompletedTask), CancellationToken.None);
    }

    /// <summary>Stops the replicator gracefully; its failure, if any, is thrown.</summary>
    public async Task StopAsync()
    {
        if (_stop is not null)
        {
            await _stop.CancelAsync();
            await _run;
            _stop.Dispose();
            _stop = null;
        }
    }

    /// <summary>Waits until everything that the source has executed now is applied; fails with the replicator's failure.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await using var source = await OpenDirectAsync(Source, cancellationToken);
        var facts = await ServerConnector.ReadFactsAsync(source, cancellationToken);
        var position = await new SourcePositionReader(facts).ReadAsync(source, cancellationToken);
        var applied = Replicator.WaitAppliedAsync(position, cancellationToken);
        if (await Task.WhenAny(applied, _run) == _run)
        {
            await _run;
        }

        await applied;
    }

    /// <summary>Fails unless both sides hold the same rows, value by value.</summary>
    public async Task AssertEqualAsync(CancellationToken cancellationToken)
    {
        foreach (var route in _routes)
        {
            await using var source = await OpenDirectAsync(Source, cancellationToken);
            await using var destination = await OpenDirectAsync(Destination, cancellationToken);
            var expressions = (await RowDigest.ExpressionsAsync(source, Database, route.Source.Name, cancellationToken)).Select(WithSign).ToList();
            var expected = await RowsAsync(source, route.Source, expressions, cancellationToken);
            var actual = await RowsAsync(destination, route.Source, expressions, cancellationToken);
            Assert.Equal(expected, actual);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A failure of the run is the test's to see; here it would hide the test's own.
        await (_stop?.CancelAsync() ?? Task.CompletedTask);
        await Task.WhenAny(_run);
        _stop?.Dispose();
        foreach (var session in new[] { _sourceSession, _destinationSession })
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    // Adding 0 makes 0 of -0.
    private static string WithSign(string expression) =>
        expression.EndsWith("+0e0)", StringComparison.Ordinal) ? $"{expression},CAST({expression[1..^5]} AS CHAR)" : expression;

    private static ConnectionDefinition Connection(MySqlServer server, FaultProxy? proxy) =>
        new() { Host = server.Host, Port = proxy?.Port ?? server.Port, User = server.User };

    private static Task<MySqlSession> OpenDirectAsync(MySqlServer server, CancellationToken cancellationToken) =>
        MySqlSession.ConnectAsync(new MySqlSessionOptions { Host = server.Host, Port = server.Port, User = server.User }, TimeProvider.System, cancellationToken);

    private static async Task<List<string>> RowsAsync(MySqlSession session, QualifiedName table, IReadOnlyList<string> expressions, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync($"SELECT {string.Join(',', expressions)} FROM {table.ToSql()}", cancellationToken);
        var lines = rows.Select(r => $"{table.Name}: " + string.Join('|', Enumerable.Range(0, r.Count).Select(i => r.GetStringOrNull(i) ?? "NULL"))).ToList();
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private async Task CopyAsync(RunContext context, CancellationToken cancellationToken)
    {
        var tuning = new CopyTuning { ChunkBytes = 8 << 10, FirstChunkRows = 100, MaxChunkRows = 300 };
        try
        {
            await new FullCopier(context, new SourcePositionReader(context.SourceFacts), Replicator.TableCopied, tuning).RunAsync(_routes, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped in the middle, as the test wants it.
        }
        catch (Exception failure)
        {
            // Seen at once, not when the stream ends.
            Log.Write(LogLevel.Error, "FullCopy", failure.Message);
            await _stop!.CancelAsync();
            throw;
        }
    }

    private async Task PlanAsync(MySqlSession metadata, ServerFacts facts, CancellationToken cancellationToken)
    {
        var selection = new ObjectSelection(_task, facts.LowerCaseTableNames != 0);
        var definitions = await SchemaReader.ReadSelectedAsync(metadata, _task, selection, cancellationToken);
        _routes = [.. definitions.Select((d, i) => new TableRoute(i + 1, d, selection.Map(d.Name)))];
        _store = await CheckpointStore.OpenAsync(_destination, _task.Name, "hash", "test:1:1", cancellationToken);
        await Store.AddTablesAsync(_routes, cancellationToken);
    }

    // Once only: prepared XA transactions keep even a CREATE DATABASE waiting that has nothing to do.
    private async Task RunAsync(MySqlSession session, MySqlServer server, string sql, CancellationToken cancellationToken)
    {
        string create = _created.Add(server) ? $"CREATE DATABASE IF NOT EXISTS {Database};" : "";
        await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes($"{create}USE {Database};{OldSql.For(server.Binaries.Version, sql)}"), cancellationToken);
    }
}
