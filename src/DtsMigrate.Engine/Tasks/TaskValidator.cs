namespace DtsMigrate.Engine.Tasks;

/// <summary>The rules that a task must keep, however it came to be: read from JSON or built in code.</summary>
public static class TaskValidator
{
    /// <summary>Checks a task.</summary>
    /// <exception cref="TaskDefinitionException">It breaks a rule; all broken rules are named.</exception>
    public static void Validate(MigrationTask task) => throw new NotImplementedException(task?.Name);
}
