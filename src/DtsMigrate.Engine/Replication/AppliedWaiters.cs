namespace DtsMigrate.Engine.Replication;

/// <summary>Those who wait for the stream to reach a position. Thread safe.</summary>
internal sealed class AppliedWaiters
{
    private readonly Lock _lock = new();
    private readonly List<(SourcePosition Position, TaskCompletionSource Done)> _waiting = [];
    private SourcePosition? _reached;

    /// <summary>Everything at or before the position is applied to all tables; null when that holds for no position now.</summary>
    public void Reached(SourcePosition? position)
    {
        lock (_lock)
        {
            _reached = position;
            if (position is null)
            {
                return;
            }

            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (position.Covers(_waiting[i].Position))
                {
                    _waiting[i].Done.TrySetResult();
                    _waiting.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Completes when the position is reached.</summary>
    public Task WaitAsync(SourcePosition position, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reached is not null && _reached.Covers(position))
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((position, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }
}
