namespace DtsMigrate.Engine.Run;

/// <summary>Lets the work of a run rest on request without ending the run, where it has something to do meanwhile. Thread safe.</summary>
internal sealed class PauseControl : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _work;
    private TaskCompletionSource? _asked;

    /// <summary>True from the request on until <see cref="WaitResumeAsync"/> has returned.</summary>
    public bool IsAsked
    {
        get
        {
            lock (_gate)
            {
                return _asked is not null;
            }
        }
    }

    /// <summary>Work begins that may be paused.</summary>
    /// <param name="stop">Ends it for good.</param>
    /// <returns>The token for the work: fires at a pause, too.</returns>
    public CancellationToken Begin(CancellationToken stop)
    {
        lock (_gate)
        {
            _work?.Dispose();
            _work = CancellationTokenSource.CreateLinkedTokenSource(stop);
            return _work.Token;
        }
    }

    /// <summary>The work has ended: from now on there is nothing to pause.</summary>
    public void End()
    {
        lock (_gate)
        {
            _work?.Dispose();
            _work = null;
        }
    }

    /// <summary>Asks the work to rest.</summary>
    /// <returns>False when there is no work that may be paused; asking twice does no harm.</returns>
    public bool TryAsk()
    {
        lock (_gate)
        {
            if (_asked is { Task.IsCompleted: false })
            {
                return true;
            }

            if (_asked is null && _work is null)
            {
                return false;
            }

            _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // Not here: what waits for the token would run on this thread, under the lock.
            _work?.CancelAfter(TimeSpan.Zero);
            return true;
        }
    }

    /// <summary>Ends the rest.</summary>
    /// <returns>False when nobody has asked for one.</returns>
    public bool TryResume()
    {
        lock (_gate)
        {
            return _asked?.TrySetResult() ?? false;
        }
    }

    /// <summary>Waits until the rest is over.</summary>
    public async Task WaitResumeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task resumed;
            lock (_gate)
            {
                // Whoever asks between the end of one rest and here, means the next one.
                if (_asked is not { Task: { IsCompleted: false } waiting })
                {
                    _asked = null;
                    return;
                }

                resumed = waiting;
            }

            await resumed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => End();
}
