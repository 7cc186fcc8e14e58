namespace DtsMigrate.Engine.Throttling;

/// <summary>The right to have a chunk under way; given back by disposing.</summary>
public sealed class ChunkSlot : IDisposable
{
    private CopyGovernor? _owner;

    internal ChunkSlot(CopyGovernor owner) => _owner = owner;

    /// <summary>Gives it back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Leave();
}
