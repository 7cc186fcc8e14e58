using System.Collections.Concurrent;
using System.Globalization;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>A database on a source and a destination, the task that copies it, and the comparison afterwards.</summary>
internal sealed class CopyBench : IRunLog
{
    private readonly MySqlServer _source;
    private readonly MySqlServer _destination;
    private readonly TaskOptions _options;
    private readonly MigrationTypes _types;
    private readonly ConflictMode _conflictMode;

    public CopyBench(
        MySqlServer source, MySqlServer destination, string database, bool incremental = true, ConflictMode conflictMode = ConflictMode.PrecheckAndReportErrors, TaskOptions? options = null, bool schema = false)
    {
        _source = source;
        _destination = destination;
        Database = database;
        _options = options ?? new TaskOptions();
        _types = (incremental ? MigrationTypes.Full | MigrationTypes.Incremental : MigrationTypes.Full) | (schema ? MigrationTypes.Schema : 0);
        _conflictMode = conflictMode;
    }

    public string Database { get; }

    public ConcurrentQueue<string> Log { get; } = [];

    public ConcurrentQueue<string> Copied { get; } = [];

    /// <summary>Small chunks, so that every boundary case occurs within a small table.</summary>
    public CopyTuning Tuning { get; set; } = new() { ChunkBytes = 16 << 20 };

    public static async Task<CopyBench> CreateAsync(string prefix, CancellationToken cancellationToken, bool incremental = true, ConflictMode conflictMode = ConflictMode.PrecheckAndReportErrors)
    {
        var (source, destination) = await SharedServers.PairAsync(cancellationToken);
        return new CopyBench(source, destination, SharedServers.NewDatabaseName(prefix), incremental, conflictMode);
    }

    /// <summary>The task creates its tables.</summary>
    public bool HasSchema { get; init; }

    /// <summary>Live numbers of the last run.</summary>
    public RunMetrics Metrics { get; private set; } = new();

    /// <summary>Limits of the copy.</summary>
    public Throttle Throttle { get; } = new(ThrottleLimits.None, TimeProvider.System);

    /// <summary>How many chunks may be copied at once.</summary>
    public CopyGovernor Governor { get; set; } = new(4);

    /// <summary>Called with each log line, on the copier's thread.</summary>
    public Action<string>? OnLog { get; set; }

    /// <summary>The account on the destination, without password; root when null.</summary>
    public string? DestinationUser { get; set; }

    /// <summary>Another way to the source, for faults.</summary>
    public FaultProxy? SourceProxy { get; set; }

    /// <summary>Another way to the destination, for faults.</summary>
    public FaultProxy? DestinationProxy { get; set; }

    /// <summary>A server that is to be thought old.</summary>
    public static ServerVersion OldVersion { get; } = new(5, 7, 29, "5.7.29");

    /// <summary>What the source is thought to be, instead of what it says.</summary>
    public Func<ServerFacts, ServerFacts> SourceFacts { get; set; } = static facts => facts;

    /// <summary>What the destination is thought to be, instead of what it says.</summary>
    public Func<ServerFacts, ServerFacts> DestinationFacts { get; set; } = static facts => facts;

    /// <summary>Rows copied and committed in the last run, all tables.</summary>
    public long RowsCopied => Metrics.Tables.Values.Sum(t => t.Rows);

    public void Write(LogLevel level, string phase, string message)
    {
        Log.Enqueue(message);
        OnLog?.Invoke(message);
    }

    /// <summary>Creates the database with the same tables on both sides.</summary>
    public async Task CreateAsync(string ddl, CancellationToken cancellationToken)
    {
        string sql = $"CREATE DATABASE `{Database}` CHARACTER SET utf8mb4; USE `{Database}`; SET sql_mode='ALLOW_INVALID_DATES';\n{ddl}";
        await _source.RunSqlAsync(sql, cancellationToken);
        await _destination.RunSqlAsync(sql, cancellationToken);
    }

    public Task<string> SourceAsync(string sql, CancellationToken cancellationToken) =>
        _source.RunSqlAsync($"USE `{Database}`; SET sql_mode='NO_AUTO_VALUE_ON_ZERO', time_zone='+00:00', cte_max_recursion_depth=10000000;\n{sql}", cancellationToken);

    public Task<string> DestinationAsync(string sql, CancellationToken cancellationToken) =>
        _destination.RunSqlAsync($"USE `{Database}`; SET sql_mode='NO_AUTO_VALUE_ON_ZERO', time_zone='+00:00';\n{sql}", cancellationToken);

    /// <summary>Account for the source, without a password; null for root.</summary>
    public string? SourceAccount { get; set; }

    public ServerConnector Source() => Connector("source", SourceAccount is { } user ? Definition(_source, SourceProxy) with { User = user } : Definition(_source, SourceProxy));

    public ServerConnector SourceRoot() => Connector("source", Definition(_source, SourceProxy));

    public ServerConnector Destination() => Connector("destination", Definition(_destination, DestinationProxy, DestinationUser));

    /// <summary>Opens the task's checkpoint as a new worker.</summary>
    public Task<CheckpointStore> OpenStoreAsync(CancellationToken cancellationToken) =>
        CheckpointStore.OpenAsync(Destination(), Database, "hash", $"test:{Environment.ProcessId}:{Guid.NewGuid():N}", cancellationToken);

    /// <summary>One worker's life: opens, copies, closes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken, Action<TableRoute>? onCopied = null)
    {
        await using var store = await OpenStoreAsync(cancellationToken);
        await RunAsync(store, cancellationToken, onCopied);
    }

    public async Task RunAsync(CheckpointStore store, CancellationToken cancellationToken, Action<TableRoute>? onCopied = null)
    {
        var routes = await ReadRoutesAsync(cancellationToken);
        if ((await store.ReadTablesAsync(cancellationToken)).Count == 0)
        {
            await store.AddTablesAsync(routes, cancellationToken);
        }

        var context = await ContextAsync(store, cancellationToken);
        await using var source = await Source().OpenAsync(SessionPurpose.Metadata, cancellationToken);
        var copier = new FullCopier(
            context,
            new SourcePositionReader(await ServerConnector.ReadFactsAsync(source, cancellationToken)),
            route =>
            {
                Copied.Enqueue(route.Source.Name);
                onCopied?.Invoke(route);
            },
            Tuning);
        await new LoadWatch(context).RunAsync(token => copier.RunAsync(routes, token), cancellationToken);
    }

    public async Task<RunContext> ContextAsync(CheckpointStore store, CancellationToken cancellationToken)
    {
        await using var source = await Source().OpenAsync(SessionPurpose.Metadata, cancellationToken);
        await using var destination = await Destination().OpenAsync(SessionPurpose.Metadata, cancellationToken);
        Metrics = new RunMetrics();
        return new RunContext
        {
            Task = new MigrationTask
            {
                Name = Database,
                Source = Definition(_source, SourceProxy),
                Destination = Definition(_destination, DestinationProxy, DestinationUser),
                MigrationTypes = HasSchema ? _types | MigrationTypes.Schema : _types,
                ConflictMode = _conflictMode,
                Objects = [new DatabaseSelection(Database, Database, true, [])],
                Options = _options,
            },
            Source = Source(),
            Destination = Destination(),
            SourceFacts = SourceFacts(await ServerConnector.ReadFactsAsync(source, cancellationToken)),
            DestinationFacts = DestinationFacts(await ServerConnector.ReadFactsAsync(destination, cancellationToken)),
            Store = store,
            Retry = new RetryPolicy(_options, TimeProvider.System, retry => Log.Enqueue($"retry {retry.What}: {retry.Cause.Message}"))
            {
                FirstDelay = TimeSpan.FromMilliseconds(100),
            },
            Metrics = Metrics,
            Log = this,
            Time = TimeProvider.System,
            Throttle = Throttle,
            Governor = Governor,
        };
    }

    public async Task<IReadOnlyList<TableRoute>> ReadRoutesAsync(CancellationToken cancellationToken)
    {
        await using var session = await Source().OpenAsync(SessionPurpose.Metadata, cancellationToken);
        var names = await session.QueryRowsAsync(
            $"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA={SqlText.Literal(Database)} AND TABLE_TYPE='BASE TABLE' ORDER BY TABLE_NAME", cancellationToken);
        var routes = new List<TableRoute>();
        foreach (var name in names)
        {
            var table = new QualifiedName(Database, name.GetString(0));
            routes.Add(new TableRoute(routes.Count + 1, (await SchemaReader.ReadTableAsync(session, table, cancellationToken))!, table));
        }

        return routes;
    }

    /// <summary>Chunks of a table in the checkpoint: planned and done.</summary>
    public async Task<(int Planned, int Done)> ChunksAsync(string table, CancellationToken cancellationToken)
    {
        string counts = await DestinationAsync(
            $"SELECT COUNT(*), COALESCE(SUM(done),0) FROM dts_migrate.chunk c JOIN dts_migrate.table_copy t ON t.task=c.task AND t.number=c.table_number WHERE c.task='{Database}' AND t.source_table='{table}'",
            cancellationToken);
        int[] numbers = [.. counts.Trim().Split('\t').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1]);
    }

    /// <summary>Asserts that every table has the same rows on both sides, value by value.</summary>
    public async Task AssertEqualAsync(CancellationToken cancellationToken)
    {
        foreach (var route in await ReadRoutesAsync(cancellationToken))
        {
            string sql = DigestSql(route.Definition);
            string expected = await RowsAsync(Source(), sql, cancellationToken);
            string actual = await RowsAsync(Destination(), sql, cancellationToken);
            Assert.NotEqual(string.Empty, expected);
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>Every value in a form that shows each difference: bits of numbers, bytes of strings, numbers of ENUM and SET.</summary>
    private static string DigestSql(TableDefinition table)
    {
        var columns = table.Columns.Select(c =>
        {
            string name = SqlText.Name(c.Name);
            return c.DataType switch
            {
                "float" or "double" => $"HEX(POINT({name},0))",
                "enum" or "set" or "bit" => $"CAST({name} AS UNSIGNED)",
                "char" or "varchar" or "tinytext" or "text" or "mediumtext" or "longtext" or "binary" or "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" or "geometry" or "point"
                    or "linestring" or "polygon" or "geomcollection" or "vector" => $"HEX({name})",
                "json" => $"CONCAT(JSON_TYPE({name}),HEX(CAST({name} AS CHAR CHARACTER SET utf8mb4)))",
                _ => $"HEX(CAST({name} AS CHAR))",
            };
        }).ToArray();
        string order = table.IdentityKey is { } key ? string.Join(',', key.Columns.Select(c => SqlText.Name(c.Name))) : string.Join(',', columns);
        return $"SELECT {string.Join(',', columns)} FROM {table.Name.ToSql()} ORDER BY {order}";
    }

    private static async Task<string> RowsAsync(ServerConnector connector, string sql, CancellationToken cancellationToken)
    {
        await using var session = await connector.OpenAsync(SessionPurpose.ReadRows, cancellationToken);
        var rows = await session.QueryRowsAsync(sql, cancellationToken);
        return string.Join('\n', rows.Select(r => string.Join('|', Enumerable.Range(0, r.Count).Select(i => r.GetStringOrNull(i) ?? "NULL"))));
    }

    private static ConnectionDefinition Definition(MySqlServer server, FaultProxy? proxy, string? user = null) =>
        new() { Host = proxy?.Host ?? server.Host, Port = proxy?.Port ?? server.Port, User = user ?? server.User, Tls = TlsMode.Disabled };

    private ServerConnector Connector(string role, ConnectionDefinition definition) =>
        new(role, definition, Secret.Empty, _options, TimeProvider.System) { Log = this };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Database}: {string.Join('\n', Log)}");
}
