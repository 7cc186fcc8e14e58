using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>The folder of all tasks of a user: <c>$DTSMIGRATE_HOME</c>, else the XDG state folder, on Windows the local application data.</summary>
public sealed class TaskHome
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "DTSMIGRATE_HOME";

    /// <summary>Takes a folder; it need not exist yet.</summary>
    /// <param name="path">The folder; null or empty for the default one.</param>
    public TaskHome(string? path = null) => FullPath = Path.GetFullPath(string.IsNullOrEmpty(path) ? Default() : path);

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>The folder of a task, which need not exist yet.</summary>
    /// <exception cref="DtsMigrateException">TaskNameInvalid.</exception>
    public TaskFolder Folder(string name) => TaskName.IsValid(name)
        ? new TaskFolder(FullPath, name)
        : throw new DtsMigrateException("TaskNameInvalid", $"'{name}' is not a task name.") { Target = name, RecommendedAction = TaskName.Rule };

    /// <summary>The tasks, by name.</summary>
    public IReadOnlyList<TaskFolder> List()
    {
        if (!Directory.Exists(FullPath))
        {
            return [];
        }

        return Directory.EnumerateDirectories(FullPath)
            .Select(path => Path.GetFileName(path))
            .Where(TaskName.IsValid)
            .Select(Folder)
            .Where(folder => folder.Exists)
            .OrderBy(folder => folder.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
    }

    /// <summary>Defines a new task.</summary>
    /// <exception cref="DtsMigrateException">TaskExists, or the definition is faulty.</exception>
    public TaskFolder Create(MigrationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskValidator.Validate(task);
        TaskFolder folder = Folder(task.Name);
        if (folder.Exists)
        {
            throw new DtsMigrateException("TaskExists", $"There is a task '{task.Name}' already in '{FullPath}'.")
            {
                Target = task.Name,
                RecommendedAction = "Choose another name, or remove the task first.",
            };
        }

        folder.WriteTask(task);
        return folder;
    }

    /// <summary>Defines a task, or replaces its definition when no worker runs it.</summary>
    /// <exception cref="DtsMigrateException">TaskRunning: a worker has the task and its definition would change; or the definition is faulty.</exception>
    public TaskFolder Save(MigrationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskValidator.Validate(task);
        TaskFolder folder = Folder(task.Name);
        if (folder.Exists && WorkerLock.IsHeld(folder, out int pid))
        {
            throw new DtsMigrateException("TaskRunning", $"Task '{task.Name}' is run by process {pid}; its definition cannot change now.")
            {
                Target = task.Name,
                RecommendedAction = "Stop the task first.",
            };
        }

        folder.WriteTask(task);
        return folder;
    }

    /// <summary>Removes a task with its folder. What it has migrated, and its progress on the destination, stay.</summary>
    /// <exception cref="DtsMigrateException">TaskNotFound; TaskRunning: a worker has the task.</exception>
    public void Remove(string name)
    {
        TaskFolder folder = Folder(name);
        if (!folder.Exists)
        {
            // Throws with the words for it.
            folder.ReadTask();
        }

        using (WorkerLock held = WorkerLock.TryAcquire(folder) ?? throw Running(folder, "it cannot be removed now"))
        {
            // First what makes it a task: whoever looks from here on sees none, whatever becomes of the rest.
            File.Delete(folder.TaskFile);
        }

        Directory.Delete(folder.FullPath, recursive: true);
    }

    private static DtsMigrateException Running(TaskFolder folder, string what)
    {
        WorkerLock.IsHeld(folder, out int pid);
        return new DtsMigrateException("TaskRunning", $"Task '{folder.Name}' is run by process {pid}; {what}.") { Target = folder.Name, RecommendedAction = "Stop the task first." };
    }

    /// <summary>Makes a folder that only its owner may enter.</summary>
    internal static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // The local application data folder is private to the user by its inherited access list.
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Default()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } home)
        {
            return home;
        }

        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "DtsMigrate");
        }

        return Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? Path.Combine(state, "dtsmigrate")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "dtsmigrate");
    }
}
