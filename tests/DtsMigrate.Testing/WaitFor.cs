using System.Diagnostics;

namespace DtsMigrate.Testing;

/// <summary>Waits for what another process does: polls a condition up to a deadline, and says what did not come.</summary>
public static class WaitFor
{
    internal static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns when <paramref name="condition"/> is true.</summary>
    /// <exception cref="TimeoutException">It was not true within <paramref name="deadline"/>; the message says <paramref name="what"/>.</exception>
    public static Task ConditionAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan deadline, string what, CancellationToken cancellationToken) =>
        ValueAsync(condition, met => met, deadline, what, cancellationToken);

    /// <summary>Returns when <paramref name="condition"/> is true.</summary>
    /// <exception cref="TimeoutException">It was not true within <paramref name="deadline"/>; the message says <paramref name="what"/>.</exception>
    public static Task ConditionAsync(Func<bool> condition, TimeSpan deadline, string what, CancellationToken cancellationToken) =>
        ConditionAsync(_ => Task.FromResult(condition()), deadline, what, cancellationToken);

    /// <summary>Probes until <paramref name="accept"/> takes the value, and returns it.</summary>
    /// <exception cref="TimeoutException">No value was taken within <paramref name="deadline"/>; the message holds the last one.</exception>
    public static async Task<T> ValueAsync<T>(
        Func<CancellationToken, Task<T>> probe,
        Func<T, bool> accept,
        TimeSpan deadline,
        string what,
        CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        var clock = Stopwatch.StartNew();
        var last = "none";
        try
        {
            while (true)
            {
                var value = await probe(limit.Token);
                if (accept(value))
                {
                    return value;
                }

                last = value?.ToString() ?? "null";
                await Task.Delay(Poll, limit.Token);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new TimeoutException($"waited {clock.Elapsed.TotalSeconds:F1} s for {what}; last value: {last}", e);
        }
    }

    /// <summary>Returns when a MySQL server greets on the port.</summary>
    public static Task ServerAsync(string host, int port, TimeSpan deadline, CancellationToken cancellationToken) =>
        ConditionAsync(token => Greeting.IsServedAsync(host, port, token), deadline, $"a server on {host}:{port}", cancellationToken);
}
