using System.Globalization;
using System.Text.Json;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>
/// The engine's incremental part in a process of its own: applies the source's binary log from its beginning, up to a position or until its input ends, and prints an
/// <see cref="EngineResult"/> as one line.
/// </summary>
internal static class EngineHost
{
    /// <summary>Name of the command.</summary>
    public const string Command = "incremental-engine";

    /// <summary>Runs.</summary>
    /// <param name="arguments">Ports of source and destination, apply mode, position (or <c>-</c>: until the input ends).</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var task = new MigrationTask
        {
            Name = "bench",
            Source = Connection(arguments[0]),
            Destination = Connection(arguments[1]),
            Objects = [new DatabaseSelection(Workload.Database, Workload.Database, true, [])],
            Options = new TaskOptions { ApplyMode = Enum.Parse<ApplyMode>(arguments[2]) },
        };
        var time = TimeProvider.System;
        var source = new ServerConnector("source", task.Source, Secret.Empty, task.Options, time);
        var destination = new ServerConnector("destination", task.Destination, Secret.Empty, task.Options, time);
        await using var metadata = await source.OpenAsync(SessionPurpose.Metadata, cancellationToken);
        await using var other = await destination.OpenAsync(SessionPurpose.Metadata, cancellationToken);
        var facts = await ServerConnector.ReadFactsAsync(metadata, cancellationToken);
        var selection = new ObjectSelection(task, facts.LowerCaseTableNames != 0);
        var definitions = await SchemaReader.ReadSelectedAsync(metadata, task, selection, cancellationToken);
        IReadOnlyList<TableRoute> routes = [.. definitions.Select((d, i) => new TableRoute(i + 1, d, selection.Map(d.Name)))];

        // As after a copy that saw the empty binary log.
        await using var store = await CheckpointStore.OpenAsync(destination, task.Name, "bench", "bench:1:1", cancellationToken);
        await store.AddTablesAsync(routes, cancellationToken);
        var start = SourcePosition.Of(GtidSet.Empty);
        foreach (var route in routes)
        {
            await store.BeginCopyAsync(route.Number, start, cancellationToken);
            await store.EndCopyAsync(route.Number, start, 0, 0, cancellationToken);
        }

        var metrics = new RunMetrics();
        var log = new ErrorLog();
        var context = new RunContext
        {
            Task = task,
            Source = source,
            Destination = destination,
            SourceFacts = facts,
            DestinationFacts = await ServerConnector.ReadFactsAsync(other, cancellationToken),
            Store = store,
            Retry = new RetryPolicy(task.Options, time, attempt => log.Write(LogLevel.Warning, "Retry", attempt.Cause.Message)),
            Metrics = metrics,
            Log = log,
            Time = time,
        };
        await MeasureAsync(context, new Replicator(context, selection, routes), arguments[3], cancellationToken);
    }

    private static async Task MeasureAsync(RunContext context, Replicator replicator, string end, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long began = context.Time.GetTimestamp();
        var run = replicator.RunAsync(stop.Token);
        var done = end == "-" ? Console.In.ReadLineAsync(cancellationToken).AsTask() : replicator.WaitAppliedAsync(SourcePosition.Parse(end), cancellationToken);
        if (await Task.WhenAny(run, done) == run)
        {
            await run;
            throw new InvalidOperationException("the engine ended before it was done");
        }

        double seconds = context.Time.GetElapsedTime(began).TotalSeconds;
        double cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        var result = new EngineResult(seconds, cpu, ProcessMemory.PeakMb(), context.Metrics.ChangesApplied, context.Metrics.ApplyMode?.Mode);
        await stop.CancelAsync();
        await run;
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
    }

    private static ConnectionDefinition Connection(string port) =>
        new() { Host = "127.0.0.1", Port = int.Parse(port, CultureInfo.InvariantCulture), User = "root", Tls = TlsMode.Disabled };

    private sealed class ErrorLog : IRunLog
    {
        public void Write(LogLevel level, string phase, string message)
        {
            if (level != LogLevel.Info)
            {
                Console.Error.WriteLine($"{level} {phase}: {message}");
            }
        }
    }
}
