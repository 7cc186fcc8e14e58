using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>The parts of one authenticated connection.</summary>
internal sealed class SessionWire
{
    public SessionWire(Transport transport)
    {
        Transport = transport;
        Sequence = new PacketSequence();
        Input = new PacketInput(transport, Sequence);
        Output = new PacketOutput(transport, Sequence);
    }

    public Transport Transport { get; }

    public PacketSequence Sequence { get; }

    public PacketInput Input { get; }

    public PacketOutput Output { get; }

    /// <summary>What both sides agreed on.</summary>
    public CapabilityFlags Capabilities { get; set; }

    public bool DeprecateEof => Capabilities.HasFlag(CapabilityFlags.DeprecateEof);

    /// <summary>Closes the connection.</summary>
    /// <param name="recycleBuffers">
    /// True when no read or write can be pending. Otherwise the buffers are left to the collector: one that goes back to the pool under a
    /// pending read would get this connection's bytes while it belongs to another one.
    /// </param>
    public void Close(bool recycleBuffers)
    {
        Transport.Dispose();
        if (recycleBuffers)
        {
            Input.Dispose();
            Output.Dispose();
        }
    }
}
