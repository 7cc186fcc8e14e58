namespace DtsMigrate.Engine.Tasks;

/// <summary>The definition of a task: intent only, no progress and no secret. What <c>task.json</c> says.</summary>
public sealed record MigrationTask
{
    /// <summary>Version of the format that is written; readers refuse others.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Name: 1..64 of letters, digits, dot, dash, underscore; it names the task folder and the task's rows on the destination.</summary>
    public required string Name { get; init; }

    /// <summary>Where the data is.</summary>
    public required ConnectionDefinition Source { get; init; }

    /// <summary>Where the data goes.</summary>
    public required ConnectionDefinition Destination { get; init; }

    /// <summary>What is migrated; default all three.</summary>
    public MigrationTypes MigrationTypes { get; init; } = MigrationTypes.Schema | MigrationTypes.Full | MigrationTypes.Incremental;

    /// <summary>The selected databases; at least one.</summary>
    public required IReadOnlyList<DatabaseSelection> Objects { get; init; }

    /// <summary>Kinds of DML and DDL that incremental data migration carries over; default all. Databases and tables may say otherwise for themselves.</summary>
    public OperationKinds Operations { get; init; }

    /// <summary>What happens with tables that exist on the destination.</summary>
    public ConflictMode ConflictMode { get; init; }

    /// <summary>
    /// Accounts and roles to migrate with their passwords and rights, each as <c>user@host</c>; <c>*</c> for all but system accounts. Needs schema migration; default none.
    /// </summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Options.</summary>
    public TaskOptions Options { get; init; } = new();
}
