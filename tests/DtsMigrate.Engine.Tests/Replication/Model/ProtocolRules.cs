namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>The rules that the protocol keeps; a mutant breaks one of them.</summary>
public sealed record ProtocolRules
{
    /// <summary>All rules kept.</summary>
    public static ProtocolRules All { get; } = new();

    /// <summary>The watermark is read before the first chunk.</summary>
    public bool WatermarkFirst { get; init; } = true;

    /// <summary>The watermark holds only what is visible, not all that is in the binary log.</summary>
    public bool WatermarkVisible { get; init; } = true;

    /// <summary>Events of a table under copy are held.</summary>
    public bool Hold { get; init; } = true;

    /// <summary>The stream is taken back to the watermark when a copy has ended.</summary>
    public bool TakeBack { get; init; } = true;

    /// <summary>Live tables drop what they have applied before the pass began.</summary>
    public bool High { get; init; } = true;

    /// <summary>Changes are upserts while a table is fuzzy.</summary>
    public bool Upsert { get; init; } = true;

    /// <summary>A table is fuzzy until the stream has passed the barrier, too.</summary>
    public bool Barrier { get; init; } = true;

    /// <summary>Position and rows are committed together.</summary>
    public bool PositionWithRows { get; init; } = true;

    /// <summary>A window is recorded before a slot of it commits.</summary>
    public bool WindowRecorded { get; init; } = true;

    /// <summary>A slot's mark commits with its rows.</summary>
    public bool MarkWithRows { get; init; } = true;

    /// <summary>A window that is read again is read to its recorded end, not to what is there now.</summary>
    public bool WindowToItsEnd { get; init; } = true;

    /// <summary>Slots that have committed are not written again.</summary>
    public bool DoneSkipped { get; init; } = true;

    /// <summary>Rows that a unique value may tie together are in one slot.</summary>
    public bool UniqueTogether { get; init; } = true;

    /// <summary>A table without key is copied in one snapshot that is exactly the watermark's.</summary>
    public bool KeylessSnapshot { get; init; } = true;
}
