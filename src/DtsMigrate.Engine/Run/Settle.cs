namespace DtsMigrate.Engine.Run;

/// <summary>Waits for a task's end without its outcome.</summary>
internal static class Settle
{
    /// <summary>Completes when the task has ended in any way.</summary>
    public static Task Of(Task task) =>
        task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
