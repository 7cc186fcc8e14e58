using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Errors;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>What the cmdlets that work on defined tasks share: finding them by name or pattern.</summary>
public abstract class TaskNameCommand : MigrationCommand
{
    /// <summary>The tasks that a name means: one for an exact name, those that match for a pattern.</summary>
    /// <param name="names">Names or patterns.</param>
    /// <returns>The tasks. An exact name without a task is an error that is written here; a pattern without a match is none.</returns>
    protected IEnumerable<TaskFolder> Resolve(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var home = new TaskHome();
        foreach (string name in names)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                foreach (TaskFolder folder in home.List().Where(folder => pattern.IsMatch(folder.Name)))
                {
                    yield return folder;
                }
            }
            else if (Exact(home, name) is { } folder)
            {
                yield return folder;
            }
        }
    }

    /// <summary>Does something to each task that the names mean. A failure becomes the error of its task, and the next has its turn.</summary>
    /// <param name="names">Names or patterns.</param>
    /// <param name="action">What to do.</param>
    protected void ForEach(IEnumerable<string> names, Action<TaskFolder> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        foreach (TaskFolder folder in Resolve(names))
        {
            ForInput(folder.Name, () => action(folder));
        }
    }

    /// <summary>Task and both sides in one line, for prompts and <c>-WhatIf</c>.</summary>
    internal static string Describe(MigrationTask task) =>
        $"{task.Name} ({MigrationTaskInfo.Describe(task.Source)} -> {MigrationTaskInfo.Describe(task.Destination)})";

    /// <summary>Refuses a task that a worker runs.</summary>
    /// <exception cref="DtsMigrateException">TaskRunning.</exception>
    internal static void RefuseRunning(TaskFolder folder)
    {
        if (WorkerLock.IsHeld(folder, out int pid))
        {
            throw new DtsMigrateException("TaskRunning", $"Task '{folder.Name}' is run by process {pid}.")
            {
                Target = folder.Name,
                RecommendedAction = $"Stop-Migration {folder.Name} -Wait ends it.",
            };
        }
    }

    private TaskFolder? Exact(TaskHome home, string name)
    {
        try
        {
            // Names are compared without case, as everywhere in PowerShell, where the file system can tell them apart.
            TaskFolder folder = home.Folder(name);
            folder = folder.Exists ? folder : home.List().FirstOrDefault(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? folder;
            return folder.Exists ? folder : throw Missing(home, name);
        }
        catch (DtsMigrateException e)
        {
            WriteError(ErrorRecordMapper.Map(e, name));
            return null;
        }
    }

    private static DtsMigrateException Missing(TaskHome home, string name) => new("TaskNotFound", $"There is no task '{name}' in '{home.FullPath}'.")
    {
        Target = name,
        RecommendedAction = "Get-MigrationStatus lists the tasks; New-MigrationTask defines one.",
    };
}
