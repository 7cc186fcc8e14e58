namespace DtsMigrate.Worker.Views;

/// <summary>Waits for the next look at a run.</summary>
internal static class Ticks
{
    /// <summary>Waits for the interval or the end of the run, whichever comes first.</summary>
    /// <returns>False when the run has ended.</returns>
    public static async Task<bool> NextAsync(Task running, TimeSpan interval, TimeProvider time)
    {
        using var cancel = new CancellationTokenSource();
        await Task.WhenAny(running, Task.Delay(interval, time, cancel.Token));
        await cancel.CancelAsync();
        return !running.IsCompleted;
    }
}
