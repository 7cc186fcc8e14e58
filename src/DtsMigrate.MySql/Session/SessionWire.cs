using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>The parts of one authenticated connection.</summary>
internal sealed class SessionWire : IDisposable
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

    public void Dispose()
    {
        Transport.Dispose();
        Input.Dispose();
        Output.Dispose();
    }
}
