using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests;

/// <summary>What this assembly does when a test runs it as a process of its own, to kill it.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["hold-worker-lock", var home, var name])
        {
            return 2;
        }

        using WorkerLock? held = WorkerLock.TryAcquire(new TaskHome(home).Folder(name));
        Console.WriteLine(held is null ? "refused" : "held");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
