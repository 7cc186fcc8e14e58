namespace DtsMigrate.MySql.Protocol;

/// <summary>The packet counter that both directions of one command share; it starts at 0 with each command and wraps at 256.</summary>
internal sealed class PacketSequence
{
    public byte Next { get; private set; }

    public byte Take() => Next++;

    /// <summary>So many packets were taken at once.</summary>
    public void Skip(int packets) => Next = (byte)(Next + packets);

    /// <summary>Follows the peer's number when it is tolerated out of order.</summary>
    public void Resume(byte last) => Next = (byte)(last + 1);

    public void Reset() => Next = 0;
}
