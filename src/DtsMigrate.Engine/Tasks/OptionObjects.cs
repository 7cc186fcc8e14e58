using System.Text.Json;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads, writes and checks the options that are objects themselves.</summary>
internal static class OptionObjects
{
    public static ThrottleLimits ReadThrottle(JsonMembers options) =>
        options.Object("throttle", TaskMembers.Throttle, "{ \"fullRowsPerSecond\": 10000 }") is not { } throttle
            ? ThrottleLimits.None
            : new ThrottleLimits
            {
                FullQueriesPerSecond = throttle.Number(TaskOptionRange.FullQueriesPerSecond, 0),
                FullRowsPerSecond = throttle.Number(TaskOptionRange.FullRowsPerSecond, 0),
                FullMegabytesPerSecond = throttle.Number(TaskOptionRange.FullMegabytesPerSecond, 0),
                IncrementalRowsPerSecond = throttle.Number(TaskOptionRange.IncrementalRowsPerSecond, 0),
                IncrementalMegabytesPerSecond = throttle.Number(TaskOptionRange.IncrementalMegabytesPerSecond, 0),
            };

    public static LoadLimits ReadLoadLimits(JsonMembers options) =>
        options.Object("loadLimits", TaskMembers.LoadLimits, "{ \"threadsRunning\": 30 }") is not { } limits
            ? LoadLimits.None
            : new LoadLimits
            {
                ThreadsRunning = limits.Number(TaskOptionRange.ThreadsRunning, 0),
                ReplicaLagSeconds = limits.Number(TaskOptionRange.ReplicaLagSeconds, 0),
                HistoryLength = limits.Number(TaskOptionRange.HistoryLength, 0),
                DestinationThreadsRunning = limits.Number(TaskOptionRange.DestinationThreadsRunning, 0),
                DestinationRedoPercent = limits.Number(TaskOptionRange.DestinationRedoPercent, 0),
                Replica = limits.Text("replica"),
            };

    public static TaskSize ReadSize(JsonMembers options, DefinitionFaults faults)
    {
        if (options.Text("size") is not { } name)
        {
            return TaskSize.Auto;
        }

        if (TaskSizes.Find(name) is { } size)
        {
            return size;
        }

        faults.Add(options.PathOf("size"), DefinitionFaults.Show(name), "The value is not known.", $"Use one of: {string.Join(", ", TaskSizes.Names)}.");
        return TaskSize.Auto;
    }

    public static void Write(Utf8JsonWriter json, ThrottleLimits throttle)
    {
        json.WriteStartObject("throttle");
        foreach ((TaskOptionRange range, long value) in Numbers(throttle))
        {
            json.WriteNumber(range.Member, value);
        }

        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, LoadLimits limits)
    {
        json.WriteStartObject("loadLimits");
        foreach ((TaskOptionRange range, long value) in Numbers(limits))
        {
            json.WriteNumber(range.Member, value);
        }

        if (limits.Replica is not null)
        {
            json.WriteString("replica", limits.Replica);
        }

        json.WriteEndObject();
    }

    public static void Check(TaskOptions options, DefinitionFaults faults)
    {
        Check("$.options.throttle.", Numbers(options.Throttle), faults);
        Check("$.options.loadLimits.", Numbers(options.LoadLimits), faults);
        if (options.LoadLimits.Replica is { } replica)
        {
            const string Path = "$.options.loadLimits.replica";
            if (ReplicaAddress.Parse(replica) is null)
            {
                faults.Add(Path, DefinitionFaults.Show(replica), "This is not the address of a server.", "Write it like \"10.0.0.6:3306\".");
            }
            else if (options.LoadLimits.ReplicaLagSeconds == 0)
            {
                faults.Add(Path, DefinitionFaults.Show(replica), "A replica is named but no limit for its lag.", "Set replicaLagSeconds, or remove replica.");
            }
        }
    }

    private static void Check(string path, IEnumerable<(TaskOptionRange Range, long Value)> numbers, DefinitionFaults faults)
    {
        foreach ((TaskOptionRange range, long value) in numbers)
        {
            if (!range.Contains(value))
            {
                faults.OutOfRange(path + range.Member, value.ToString(System.Globalization.CultureInfo.InvariantCulture), range);
            }
        }
    }

    private static IEnumerable<(TaskOptionRange Range, long Value)> Numbers(ThrottleLimits throttle) =>
    [
        (TaskOptionRange.FullQueriesPerSecond, throttle.FullQueriesPerSecond),
        (TaskOptionRange.FullRowsPerSecond, throttle.FullRowsPerSecond),
        (TaskOptionRange.FullMegabytesPerSecond, throttle.FullMegabytesPerSecond),
        (TaskOptionRange.IncrementalRowsPerSecond, throttle.IncrementalRowsPerSecond),
        (TaskOptionRange.IncrementalMegabytesPerSecond, throttle.IncrementalMegabytesPerSecond),
    ];

    private static IEnumerable<(TaskOptionRange Range, long Value)> Numbers(LoadLimits limits) =>
    [
        (TaskOptionRange.ThreadsRunning, limits.ThreadsRunning),
        (TaskOptionRange.ReplicaLagSeconds, limits.ReplicaLagSeconds),
        (TaskOptionRange.HistoryLength, limits.HistoryLength),
        (TaskOptionRange.DestinationThreadsRunning, limits.DestinationThreadsRunning),
        (TaskOptionRange.DestinationRedoPercent, limits.DestinationRedoPercent),
    ];
}
