using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Replication.Merge;

/// <summary>What a window has done to one key: whether a row was there before, whether one is there now, and the image to write or to delete by.</summary>
internal struct MergedRow
{
    /// <summary>Hash of the key.</summary>
    public ulong Hash;

    /// <summary>Next row of the same bucket; 0 for none, else its place plus one.</summary>
    public int Next;

    /// <summary>Where the key is in the arena.</summary>
    public long KeyAt;

    /// <summary>Length of the key.</summary>
    public int KeyLength;

    /// <summary>Where the image is: the last after image while the row exists, else the last before image.</summary>
    public long ImageAt;

    /// <summary>Length of the image.</summary>
    public int ImageLength;

    /// <summary>Room for an image there.</summary>
    public int ImageRoom;

    /// <summary>Sorts rows about as the key's index does, so that neighbours are written together. No two servers need agree on it.</summary>
    public ulong Order;

    /// <summary>A row with this key was there before the window.</summary>
    public bool Existed;

    /// <summary>A row with this key is there at its end.</summary>
    public bool Exists;

    /// <summary>End of the last event that changed it.</summary>
    public BinlogCoordinate At;

    /// <summary>Some event has changed it; false for a key that was just entered.</summary>
    public readonly bool IsKnown => At.File is not null;
}
