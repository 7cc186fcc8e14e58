using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class CommandQueueTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_request_is_answered_and_leaves_nothing()
    {
        TaskFolder folder = _home.Folder();
        using WorkerLock? held = WorkerLock.TryAcquire(folder);
        using var end = new CancellationTokenSource();
        var seen = new List<TaskCommandKind>();
        var queue = new CommandQueue(folder, TimeProvider.System);
        Task worker = queue.RunAsync(
            command =>
            {
                seen.Add(command.Kind);
                return "Stopping.";
            },
            end.Token);

        TaskCommandAnswer answer = await queue.SendAsync(TaskCommandKind.Stop, TimeSpan.FromSeconds(30), default);

        Assert.True(answer.Accepted);
        Assert.Equal("Stopping.", answer.Message);
        Assert.Equal([TaskCommandKind.Stop], seen);
        await end.CancelAsync();
        await worker;
        Assert.Empty(Directory.GetFiles(folder.CommandsFolder));
    }

    [Fact]
    public async Task Without_a_worker_nothing_is_asked()
    {
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => new CommandQueue(_home.Folder(), TimeProvider.System).SendAsync(TaskCommandKind.Stop, TimeSpan.FromSeconds(1), default));

        Assert.Equal("TaskNotRunning", error.Code);
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_is_named()
    {
        TaskFolder folder = _home.Folder();
        using WorkerLock? held = WorkerLock.TryAcquire(folder);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => new CommandQueue(folder, new AutoTime()).SendAsync(TaskCommandKind.Stop, TimeSpan.FromMilliseconds(50), default));

        Assert.Equal("WorkerSilent", error.Code);
        Assert.Empty(Directory.GetFiles(folder.CommandsFolder));
    }

    [Fact]
    public async Task What_was_asked_of_an_earlier_worker_is_not_done()
    {
        TaskFolder folder = _home.Folder();
        folder.Prepare();
        string old = Path.Combine(folder.CommandsFolder, "old.json");
        AtomicFile.WriteJson(old, new TaskCommand("old", TaskCommandKind.Stop, DateTimeOffset.UtcNow), durable: false);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-1));
        using WorkerLock? held = WorkerLock.TryAcquire(folder);
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();

        await new CommandQueue(folder, TimeProvider.System).RunAsync(_ => throw new InvalidOperationException("done"), ended.Token);

        Assert.Empty(Directory.GetFiles(folder.CommandsFolder));
    }
}
