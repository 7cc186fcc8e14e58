using System.Diagnostics;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class WorkerLockTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void One_holds_it_at_a_time()
    {
        TaskFolder folder = _home.Folder();
        Assert.False(WorkerLock.IsHeld(folder, out _));
        using (WorkerLock? first = WorkerLock.TryAcquire(folder))
        {
            Assert.NotNull(first);
            Assert.Null(WorkerLock.TryAcquire(folder));
            Assert.True(WorkerLock.IsHeld(folder, out int pid));
            Assert.Equal(Environment.ProcessId, pid);
        }

        Assert.False(WorkerLock.IsHeld(folder, out int none));
        Assert.Equal(0, none);
        using WorkerLock? second = WorkerLock.TryAcquire(folder);
        Assert.NotNull(second);
    }

    [Fact]
    public async Task A_look_does_not_keep_a_worker_from_taking_it()
    {
        TaskFolder folder = _home.Folder();
        using var stop = new CancellationTokenSource();
        WorkerLock.TryAcquire(folder)!.Dispose();
        Task[] lookers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                WorkerLock.IsHeld(folder, out int _);
                Thread.Yield();
            }
        })).ToArray();

        int taken = 0;
        for (int i = 0; i < 20; i++)
        {
            using WorkerLock? held = WorkerLock.TryAcquire(folder);
            taken += held is null ? 0 : 1;
        }

        await stop.CancelAsync();
        await Task.WhenAll(lookers);
        Assert.InRange(taken, 15, 20);
    }

    [Fact]
    public async Task A_killed_process_leaves_it_free()
    {
        TaskFolder folder = _home.Folder();
        using Process child = StartHolder();
        try
        {
            Assert.Equal("held", await child.StandardOutput.ReadLineAsync().WaitAsync(Patience));
            Assert.True(WorkerLock.IsHeld(folder, out int pid));
            Assert.Equal(child.Id, pid);
            Assert.Null(WorkerLock.TryAcquire(folder));
        }
        finally
        {
            child.Kill();
        }

        await child.WaitForExitAsync().WaitAsync(Patience);
        Assert.False(WorkerLock.IsHeld(folder, out _));
        using WorkerLock? mine = WorkerLock.TryAcquire(folder);
        Assert.NotNull(mine);
    }

    private Process StartHolder()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(WorkerLockTests).Assembly.Location);
        start.ArgumentList.Add("hold-worker-lock");
        start.ArgumentList.Add(_home.Home.FullPath);
        start.ArgumentList.Add(_home.Folder().Name);
        return Process.Start(start)!;
    }
}
