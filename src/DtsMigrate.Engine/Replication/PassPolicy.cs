using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// When the stream is taken back for tables whose copy has ended: not while a pass is running; and then at once when nothing is left to copy,
/// soon when the stream keeps up with the source, else now and then, because every pass reads a part of the binary log again.
/// </summary>
internal sealed class PassPolicy(CheckpointStore store, TimeProvider time)
{
    // While tables are being copied, replaying takes at most this part of the stream's time: Live tables get the rest.
    private const int LargestShare = 4;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private long _began;
    private TimeSpan _took;
    private bool _running;
    private int _tablesChanged;

    /// <summary>A table's copy has ended. Thread safe.</summary>
    public void TableCopied() => Interlocked.Exchange(ref _tablesChanged, 1);

    /// <summary>A pass begins now.</summary>
    public void PassBegins()
    {
        _began = time.GetTimestamp();
        _running = true;
    }

    /// <summary>Tells whether to begin a pass; reads from the checkpoint what the copy has done when it has reported something.</summary>
    public async ValueTask<bool> IsDueAsync(Gate gate, bool isCaughtUp, CancellationToken cancellationToken)
    {
        if (gate.HasCatchingUp)
        {
            return false;
        }

        if (_running)
        {
            _running = false;
            _took = time.GetElapsedTime(_began);
        }

        if (Interlocked.Exchange(ref _tablesChanged, 0) == 1)
        {
            gate.Refresh(await store.ReadTablesAsync(cancellationToken).ConfigureAwait(false));
        }

        if (gate.Waiting.Count == 0)
        {
            return false;
        }

        var pause = isCaughtUp ? ShortestPause : Period;
        var share = _took * LargestShare;
        return !gate.HasUncopied || time.GetElapsedTime(_began) >= (share > pause ? share : pause);
    }
}
