using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell;

/// <summary>A task as the pipeline sees it: flat, without a secret. Its <see cref="Name"/> binds to every other cmdlet.</summary>
public sealed record MigrationTaskInfo
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>State: a name of <see cref="TaskState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Source as <c>user@host:port</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Destination as <c>user@host:port</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>What is migrated, for example <c>Schema, Full, Incremental</c>.</summary>
    public required string MigrationType { get; init; }

    /// <summary>What happens with tables that exist on the destination.</summary>
    public required string ConflictMode { get; init; }

    /// <summary>Limits of the traffic in words; empty without one.</summary>
    public required string Throttle { get; init; }

    /// <summary>Selected objects, each with its new name where it gets one: <c>crm.client -> crm_v2.customer</c>.</summary>
    public required IReadOnlyList<string> Objects { get; init; }

    /// <summary>Environment that the task belongs to; null for none.</summary>
    public string? EnvironmentTag { get; init; }

    /// <summary>The definition file.</summary>
    public required string Path { get; init; }

    internal static MigrationTaskInfo From(MigrationTask task, TaskFolder folder) => new()
    {
        Name = task.Name,
        State = TaskStatusReader.Read(folder).State,
        Source = Describe(task.Source),
        Destination = Describe(task.Destination),
        MigrationType = task.MigrationTypes.ToString(),
        ConflictMode = task.ConflictMode.ToString(),
        Throttle = task.Options.Throttle.ToString(),
        Objects = [.. task.Objects.SelectMany(Describe)],
        EnvironmentTag = task.Options.EnvironmentTag,
        Path = folder.TaskFile,
    };

    internal static string Describe(ConnectionDefinition side) => ServerText.Account(side);

    private static IEnumerable<string> Describe(DatabaseSelection database)
    {
        if (database.All)
        {
            yield return Renamed(database.Name, database.To);
        }

        foreach (TableSelection table in database.Tables)
        {
            yield return Renamed($"{database.Name}.{table.Name}", $"{database.To}.{table.To}");
        }
    }

    private static string Renamed(string from, string to) => from == to ? from : $"{from} -> {to}";
}
