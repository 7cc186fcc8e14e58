namespace DtsMigrate.Engine.Run;

/// <summary>Work with something beside it that goes on for as long as the work does: a watch, a count, a sign of life.</summary>
internal static class Companion
{
    /// <summary>Runs both. The companion is cancelled when the work has ended; where the companion fails, the work is cancelled and the failure is thrown.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Func<CancellationToken, Task> companion, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task beside = companion(end.Token);
        Task working = work(end.Token);
        await Task.WhenAny(working, beside).ConfigureAwait(false);
        if (!beside.IsFaulted)
        {
            await Settle.Of(working).ConfigureAwait(false);
        }

        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Settle.Of(beside), Settle.Of(working)).ConfigureAwait(false);
        if (beside.IsFaulted)
        {
            await beside.ConfigureAwait(false);
        }

        await working.ConfigureAwait(false);
    }
}
