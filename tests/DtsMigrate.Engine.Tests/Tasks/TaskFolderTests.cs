using System.Text.Json;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class TaskFolderTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_task_created_is_listed_and_read_back()
    {
        _home.Home.Create(Definitions.Task);
        _home.Home.Create(Definitions.Task with { Name = "another" });
        Directory.CreateDirectory(Path.Combine(_home.Home.FullPath, "no-task"));

        Assert.Equal(["another", "shop"], _home.Home.List().Select(folder => folder.Name));
        Assert.Equal(TaskDefinitionWriter.ToJson(Definitions.Task with { Destination = Definitions.Task.Destination with { TlsCa = Path.Combine(_home.Folder().FullPath, "ca.pem") } }), TaskDefinitionWriter.ToJson(_home.Folder().ReadTask()));
    }

    [Fact]
    public void An_existing_task_is_not_created_again()
    {
        _home.Home.Create(Definitions.Task);

        Assert.Equal("TaskExists", Assert.Throws<DtsMigrateException>(() => _home.Home.Create(Definitions.Task)).Code);
    }

    [Fact]
    public void A_faulty_task_leaves_no_folder()
    {
        Assert.Throws<TaskDefinitionException>(() => _home.Home.Create(Definitions.Task with { Objects = [] }));

        Assert.False(Directory.Exists(_home.Home.FullPath));
    }

    [Fact]
    public void A_definition_changes_only_while_no_worker_runs()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        MigrationTask changed = Definitions.Task with { Options = new TaskOptions { CopyThreads = 7 } };
        using (WorkerLock.TryAcquire(folder))
        {
            Assert.Equal("TaskRunning", Assert.Throws<DtsMigrateException>(() => _home.Home.Save(changed)).Code);
        }

        _home.Home.Save(changed);
        Assert.Equal(7, folder.ReadTask().Options.CopyThreads);
    }

    [Fact]
    public void A_task_that_is_not_there_is_named()
    {
        Assert.Equal("TaskNotFound", Assert.Throws<DtsMigrateException>(() => _home.Folder().ReadTask()).Code);
        Assert.Equal("TaskNotFound", Assert.Throws<DtsMigrateException>(() => TaskStatusReader.Read(_home.Folder())).Code);
        Assert.Equal("TaskNameInvalid", Assert.Throws<DtsMigrateException>(() => _home.Folder("../x")).Code);
        Assert.Empty(_home.Home.List());
    }

    [Fact]
    public void Only_the_owner_may_look()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        TaskFolder folder = _home.Home.Create(Definitions.Task);
        using var log = new RunLog(folder, TimeProvider.System);
        using WorkerLock? held = WorkerLock.TryAcquire(folder);
        var states = new TaskStateMachine(folder, log, TimeProvider.System);
        states.TryTransition(TaskState.Starting, "x");
        using var writer = new StatusWriter(folder, states, new RunMetrics(), TimeProvider.System);

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        string[] entries = Directory.GetFileSystemEntries(folder.FullPath, "*", SearchOption.AllDirectories);
        Assert.Superset(
            new HashSet<string> { folder.TaskFile, folder.StateFile, folder.StatusFile, folder.TablesFile, folder.EventsFile, folder.SamplesFile, folder.CommandsFolder, folder.LockFile, folder.WorkerFile },
            entries.ToHashSet());
        Assert.All(entries.Append(folder.FullPath), entry => Assert.Equal(UnixFileMode.None, ModeOf(entry) & Others));
    }

    [Fact]
    public async Task A_reader_always_sees_a_whole_file()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        using var stop = new CancellationTokenSource();
        var status = new MigrationStatus { Name = "shop", State = "FullCopy" };
        folder.WriteStatus(status);
        Task writing = Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                folder.WriteStatus(status with { Message = new string('x', i % 5000) });
            }
        });

        for (int i = 0; i < 500; i++)
        {
            Assert.Equal("FullCopy", folder.ReadStatus()!.State);
        }

        await stop.CancelAsync();
        await writing;
        Assert.Empty(Directory.GetFiles(folder.FullPath, "*.tmp"));
    }

    [Fact]
    public void An_active_task_without_worker_is_interrupted()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        using var log = new RunLog(folder, TimeProvider.System);
        var states = new TaskStateMachine(folder, log, TimeProvider.System);
        Assert.Equal("Created", TaskStatusReader.Read(folder).State);
        states.TryTransition(TaskState.Starting, "x");
        states.TryTransition(TaskState.FullCopy, "Copying.");

        using (WorkerLock.TryAcquire(folder))
        {
            MigrationStatus running = TaskStatusReader.Read(folder);
            Assert.Equal(("FullCopy", Environment.ProcessId), (running.State, running.WorkerPid));
        }

        MigrationStatus dead = TaskStatusReader.Read(folder);
        Assert.Equal(("Interrupted", "FullCopy", null), (dead.State, dead.Phase, dead.WorkerPid));
        Assert.NotNull(dead.RecommendedAction);
    }

    [Fact]
    public void Status_is_camelCase_with_one_object()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        folder.WriteStatus(new MigrationStatus { Name = "shop", State = "FullCopy", RowsCopied = 5, LagSeconds = null });

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(folder.StatusFile));

        Assert.Equal(5, document.RootElement.GetProperty("rowsCopied").GetInt64());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("lagSeconds").ValueKind);
    }

    [Fact]
    public void The_home_is_found_by_environment()
    {
        Assert.Equal(Path.GetFullPath("/some/where"), new TaskHome("/some/where").FullPath);
        string? before = Environment.GetEnvironmentVariable(TaskHome.Variable);
        try
        {
            Environment.SetEnvironmentVariable(TaskHome.Variable, _home.Home.FullPath);
            Assert.Equal(_home.Home.FullPath, new TaskHome().FullPath);
        }
        finally
        {
            Environment.SetEnvironmentVariable(TaskHome.Variable, before);
        }
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
}
