namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads task definitions and names every fault in them.</summary>
public static class TaskDefinitionReader
{
    /// <summary>Reads a definition.</summary>
    /// <exception cref="TaskDefinitionException">It is faulty.</exception>
    public static MigrationTask Parse(string json) => throw new NotImplementedException(json);

    /// <summary>Reads a definition from a file.</summary>
    /// <exception cref="TaskDefinitionException">It is faulty.</exception>
    /// <exception cref="MySql.Errors.DtsMigrateException">TaskFileUnreadable.</exception>
    public static MigrationTask ReadFile(string path) => Parse(File.ReadAllText(path));
}
