using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Run;

namespace DtsMigrate.Engine.Throttling;

/// <summary>Watches the load of the servers while rows are copied, and tells the governor each second.</summary>
internal sealed class LoadWatch(RunContext context)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Runs the copy under the task's load limits.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> copy, CancellationToken cancellationToken)
    {
        LoadProbe[] probes = [.. Probes().Where(probe => probe.HasSigns)];
        if (probes.Length == 0)
        {
            await copy(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            // A watch that broke must not pass for a low load: the copy ends with it.
            await Companion.RunAsync(copy, token => Task.WhenAll([.. probes.Select(probe => probe.RunAsync(token)), TellAsync(probes, token)]), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            context.Governor.Release();
        }
    }

    private async Task TellAsync(LoadProbe[] probes, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Period, context.Time, cancellationToken).ConfigureAwait(false);
            LoadProbe? silent = probes.Where(probe => probe.HasSigns && probe.Silence >= CopyGovernor.Stale).MaxBy(probe => probe.Silence);
            LoadSample[] samples = [.. probes.SelectMany(probe => probe.Samples)];
            int before = context.Governor.Allowed;
            if (context.Governor.Observe(samples, silent is null ? null : (silent.Name, silent.Silence)) && (before == 0 || context.Governor.Allowed == 0))
            {
                context.Log.Write(LogLevel.Info, "Throttle", context.Governor.Reason ?? "The load is low: all chunks are begun again.");
            }
        }
    }

    private IEnumerable<LoadProbe> Probes()
    {
        LoadLimits limits = context.Task.Options.LoadLimits;
        var lag = new LoadProbe.Sign(
            "replica lag in seconds",
            limits.ReplicaLagSeconds,
            LoadQuery.ReplicaLagAsync,
            "it is no replica, or the account lacks REPLICATION CLIENT; a source does not know the lag of its replicas, name one in loadLimits.replica.");
        const string NoStatus = "the server does not show it.";
        var source = new List<LoadProbe.Sign>
        {
            new("Threads_running", limits.ThreadsRunning, LoadQuery.ThreadsRunningAsync, NoStatus),
            new("history list length", limits.HistoryLength, LoadQuery.HistoryLengthAsync, "grant PROCESS to the account."),
        };
        if (limits.Replica is null)
        {
            source.Add(lag);
        }
        else
        {
            yield return Probe($"replica {limits.Replica}", Replica(limits.Replica), [lag]);
        }

        yield return Probe("source", context.Source, source);
        yield return Probe(
            "destination",
            context.Destination,
            [
                new("Threads_running", limits.DestinationThreadsRunning, LoadQuery.ThreadsRunningAsync, NoStatus),
                new("redo log in use in percent", limits.DestinationRedoPercent, LoadQuery.RedoPercentAsync, "MySQL shows it since 8.0.30."),
            ]);
    }

    private LoadProbe Probe(string name, ServerConnector server, IEnumerable<LoadProbe.Sign> signs) => new(name, server, signs, context.Log, context.Time);

    private ServerConnector Replica(string address)
    {
        (string host, int port) = ReplicaAddress.Parse(address)!.Value;
        return context.Source.To(host, port);
    }
}
