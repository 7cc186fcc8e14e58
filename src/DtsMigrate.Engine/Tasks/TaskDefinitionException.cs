using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>A task definition is faulty. Lists every fault, not only the first; nothing was touched.</summary>
public sealed class TaskDefinitionException : DtsMigrateException
{
    /// <summary>Creates the error.</summary>
    /// <param name="faults">The faults, at least one.</param>
    /// <param name="file">The file that was read, if any.</param>
    /// <param name="inner">The cause, if any.</param>
    public TaskDefinitionException(IReadOnlyList<TaskDefinitionFault> faults, string? file = null, Exception? inner = null)
        : base("TaskDefinitionInvalid", Describe(faults, file), inner)
    {
        Faults = faults;
        Target = file ?? faults[0].Path;
        RecommendedAction = "Correct the task definition; docs/task.md describes each member.";
    }

    /// <summary>The faults in the order of the definition.</summary>
    public IReadOnlyList<TaskDefinitionFault> Faults { get; }

    private static string Describe(IReadOnlyList<TaskDefinitionFault> faults, string? file)
    {
        string head = $"The task definition{(file is null ? string.Empty : $" '{file}'")} has {faults.Count} fault{(faults.Count == 1 ? string.Empty : "s")}:";
        return string.Join('\n', faults.Select(fault => "  " + fault).Prepend(head));
    }
}
