namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>FORMAT_DESCRIPTION_EVENT (15): opens each file.</summary>
public sealed class FormatDescriptionEvent : BinlogEvent
{
    /// <summary>Version of the server that wrote the file.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>
    /// True when the file is the first one that the server has written since it was started: only then the event has a creation time (the server takes it out where it does not send a file from its beginning).
    /// </summary>
    public required bool FollowsServerStart { get; init; }

    /// <summary>True when events carry a CRC32.</summary>
    public required bool HasChecksum { get; init; }

    /// <summary>Post-header length per event type, index 0 for type 1.</summary>
    public required ReadOnlyMemory<byte> PostHeaderLengths { get; init; }
}
