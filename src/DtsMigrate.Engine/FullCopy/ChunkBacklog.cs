namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Between planners and workers: planners wait while enough chunks are planned, workers while there are none. The count is this process's own and is read anew from the checkpoint
/// where it matters, for workers on other machines take chunks, too.
/// </summary>
internal sealed class ChunkBacklog
{
    /// <summary>After so long without news it is looked at what others have done.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    private readonly Func<CancellationToken, Task<long>> _count;
    private readonly TimeProvider _time;
    private readonly int _most;
    private TaskCompletionSource _changed = NewSignal();
    private long _open;

    /// <summary>Creates the backlog.</summary>
    /// <param name="count">Counts the chunks of the checkpoint that are not done, with retries: whoever waits has no other work that would be tried again.</param>
    /// <param name="time">Clock.</param>
    /// <param name="most">Planned chunks that are enough.</param>
    public ChunkBacklog(Func<CancellationToken, Task<long>> count, TimeProvider time, int most)
    {
        _count = count;
        _time = time;
        _most = most;
    }

    /// <summary>Completes with the next change. Take it before looking for work, then none is missed.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Chunks were recorded, or something else gives workers reason to look.</summary>
    public void Add(int chunks)
    {
        Interlocked.Add(ref _open, chunks);
        Signal();
    }

    /// <summary>A chunk was done by a worker of this process.</summary>
    public void Remove()
    {
        if (Interlocked.Decrement(ref _open) == _most - 1)
        {
            Signal();
        }
    }

    /// <summary>Waits for a change, or for the time after which others may have done something.</summary>
    /// <param name="changed">What <see cref="Changed"/> was before the look.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when the time has passed.</returns>
    public async Task<bool> WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = Task.Delay(LookPeriod, _time, stop.Token);
        var first = await Task.WhenAny(changed, pause).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == changed;
    }

    /// <summary>For planners: waits while enough is planned.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _open) >= _most)
        {
            var changed = Changed;
            if (!await WaitAsync(changed, cancellationToken).ConfigureAwait(false))
            {
                Interlocked.Exchange(ref _open, await _count(cancellationToken).ConfigureAwait(false));
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
}
