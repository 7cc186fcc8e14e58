using System.Text;

namespace DtsMigrate.Testing;

/// <summary>A Protocol::HandshakeV10 packet, part by part.</summary>
public sealed record FakeGreeting
{
    /// <summary>CLIENT_SSL.</summary>
    public const uint Ssl = 1u << 11;

    /// <summary>CLIENT_DEPRECATE_EOF.</summary>
    public const uint DeprecateEof = 1u << 24;

    /// <summary>What MySQL 8 and later offer, TLS apart.</summary>
    public const uint Usual = 0x01FFF7FF & ~Ssl;

    /// <summary>Protocol version.</summary>
    public byte Protocol { get; init; } = 10;

    /// <summary>Version text.</summary>
    public string Version { get; init; } = "8.4.5";

    /// <summary>Connection id.</summary>
    public uint ConnectionId { get; init; } = 42;

    /// <summary>Capability flags.</summary>
    public uint Capabilities { get; init; } = Usual;

    /// <summary>Default authentication plugin.</summary>
    public string Plugin { get; init; } = "caching_sha2_password";

    /// <summary>Twenty bytes of challenge.</summary>
    public byte[] Challenge { get; init; } = Encoding.ASCII.GetBytes("ABCDEFGHIJKLMNOPQRST");

    /// <summary>The payload.</summary>
    public byte[] ToPayload() =>
    [
        Protocol,
        .. Encoding.UTF8.GetBytes(Version), 0,
        .. BitConverter.GetBytes(ConnectionId),
        .. Challenge[..8], 0,
        (byte)Capabilities, (byte)(Capabilities >> 8),
        255,
        2, 0,
        (byte)(Capabilities >> 16), (byte)(Capabilities >> 24),
        21,
        .. new byte[10],
        .. Challenge[8..], 0,
        .. Encoding.UTF8.GetBytes(Plugin), 0,
    ];
}
