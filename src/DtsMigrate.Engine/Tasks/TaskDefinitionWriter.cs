namespace DtsMigrate.Engine.Tasks;

/// <summary>Writes task definitions.</summary>
public static class TaskDefinitionWriter
{
    /// <summary>The definition as JSON, indented; never with a secret. Members at their default are left out.</summary>
    public static string ToJson(MigrationTask task) => throw new NotImplementedException(task?.Name);
}
