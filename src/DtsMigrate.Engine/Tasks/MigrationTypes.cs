namespace DtsMigrate.Engine.Tasks;

/// <summary>What a task migrates.</summary>
[Flags]
public enum MigrationTypes
{
    /// <summary>Nothing; not legal in a task.</summary>
    None = 0,

    /// <summary>Definitions of databases and tables.</summary>
    Schema = 1,

    /// <summary>The rows that exist.</summary>
    Full = 2,

    /// <summary>The changes that follow, from the binary log.</summary>
    Incremental = 4,
}
