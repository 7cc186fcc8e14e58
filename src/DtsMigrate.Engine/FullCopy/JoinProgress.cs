using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>What a worker that has joined a copy is at. Thread safe.</summary>
internal sealed class JoinProgress
{
    private long _chunks;
    private volatile string _state = "Joining";
    private volatile string _message = string.Empty;

    /// <summary>Rows and bytes, by table.</summary>
    public RunMetrics Metrics { get; } = new();

    /// <summary>Chunks copied.</summary>
    public long Chunks => Interlocked.Read(ref _chunks);

    /// <summary>State.</summary>
    public string State => _state;

    /// <summary>In words; empty when there is nothing to say.</summary>
    public string Message => _message;

    /// <summary>A chunk is on the destination.</summary>
    public void AddChunk() => Interlocked.Increment(ref _chunks);

    /// <summary>Goes to a state.</summary>
    public void Enter(string state, string message) => (_message, _state) = (message, state);
}
