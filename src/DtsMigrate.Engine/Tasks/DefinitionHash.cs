namespace DtsMigrate.Engine.Tasks;

/// <summary>Tells whether progress on a destination belongs to the definition at hand.</summary>
public static class DefinitionHash
{
    /// <summary>
    /// SHA-256, lower-case hex, over objects with their mapping, migration types and conflict mode. Not over hosts, accounts and options: those may
    /// change between two runs of a task.
    /// </summary>
    public static string Of(MigrationTask task) => throw new NotImplementedException(task?.Name);
}
