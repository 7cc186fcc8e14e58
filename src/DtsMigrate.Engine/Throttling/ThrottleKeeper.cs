using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Throttling;

/// <summary>
/// Keeps a changed throttle over the end of a run. <c>task.json</c> of the task folder is changed; and <c>throttle.json</c> remembers what the definition had
/// said, so that a task that is run again from its own file keeps the change as long as that file's throttle has not been edited since.
/// </summary>
internal static class ThrottleKeeper
{
    /// <summary>The limits with which a definition is to be run.</summary>
    public static ThrottleLimits InForce(TaskFolder folder, MigrationTask task) =>
        Read(folder) is { } kept && kept.Defined == task.Options.Throttle ? kept.Current : task.Options.Throttle;

    /// <summary>Keeps changed limits. The caller holds the worker lock.</summary>
    /// <param name="folder">Task folder.</param>
    /// <param name="task">The definition as it was given.</param>
    /// <param name="limits">The limits from now on.</param>
    public static void Keep(TaskFolder folder, MigrationTask task, ThrottleLimits limits)
    {
        ThrottleLimits given = task.Options.Throttle;
        ThrottleLimits defined = Read(folder) is { } kept && kept.Current == given ? kept.Defined : given;
        AtomicFile.WriteJson(folder.ThrottleFile, new ThrottleRecord(defined, limits), durable: true);
        folder.WriteTask(task with { Options = task.Options with { Throttle = limits } });
    }

    private static ThrottleRecord? Read(TaskFolder folder) => AtomicFile.ReadJson<ThrottleRecord>(folder.ThrottleFile);
}
