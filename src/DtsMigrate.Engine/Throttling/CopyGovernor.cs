using System.Globalization;

namespace DtsMigrate.Engine.Throttling;

/// <summary>Decides how many chunks of full data migration may be under way at once. A chunk that has begun is never held up. Thread safe.</summary>
public sealed class CopyGovernor
{
    /// <summary>After this time without a sample nothing is known of a server.</summary>
    internal static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly int _most;
    private int _allowed;
    private int _under;
    private string? _reason;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Creates it.</summary>
    /// <param name="chunks">Chunks at once without load.</param>
    public CopyGovernor(int chunks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunks, 1);
        _most = chunks;
        _allowed = chunks;
    }

    /// <summary>Chunks that may be under way now.</summary>
    public int Allowed
    {
        get
        {
            lock (_gate)
            {
                return _allowed;
            }
        }
    }

    /// <summary>Why fewer chunks are under way than could be, in words; null when there are as many.</summary>
    public string? Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>Waits until another chunk may begin. To be called before anything is locked or read for it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>To be disposed when the chunk is done.</returns>
    public async ValueTask<ChunkSlot> EnterChunkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_under < _allowed)
                {
                    _under++;
                    return new ChunkSlot(this);
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the signs of load of this second.</summary>
    /// <param name="samples">All that are watched and measured.</param>
    /// <param name="silent">A server that has not been heard of for <see cref="Stale"/>, with the time; null when there is none.</param>
    /// <returns>True when the number of chunks has changed.</returns>
    internal bool Observe(IReadOnlyCollection<LoadSample> samples, (string Server, TimeSpan Since)? silent)
    {
        lock (_gate)
        {
            int before = _allowed;
            LoadSample? worst = samples.Count == 0 ? null : samples.MaxBy(sample => sample.Use);
            _allowed = silent is not null ? 0 : LoadLaw.Next(_allowed, _most, worst?.Use ?? 0);
            _reason = _allowed == _most ? null
                : silent is { } server ? string.Create(CultureInfo.InvariantCulture, $"No new chunk is begun: nothing is known of the load of the {server.Server} for {server.Since.TotalSeconds:0} s.")
                : worst is null ? _reason
                : _allowed == 0 ? $"No new chunk is begun: {worst}."
                : string.Create(CultureInfo.InvariantCulture, $"{_allowed} of {_most} chunks at once: {worst}.");
            if (_allowed > before)
            {
                Signal();
            }

            return _allowed != before;
        }
    }

    /// <summary>Nothing is watched any more.</summary>
    internal void Release()
    {
        lock (_gate)
        {
            _allowed = _most;
            _reason = null;
            Signal();
        }
    }

    internal void Leave()
    {
        lock (_gate)
        {
            _under--;
            Signal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }
}
