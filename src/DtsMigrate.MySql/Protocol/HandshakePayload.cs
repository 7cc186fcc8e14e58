using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Protocol;

/// <summary>The server's greeting (protocol::HandshakeV10).</summary>
internal sealed record HandshakePayload(string ServerVersion, uint ConnectionId, CapabilityFlags Capabilities, string AuthPlugin, byte[] Scramble)
{
    /// <summary>Length of the random challenge in every plugin in use.</summary>
    public const int ScrambleLength = 20;

    private const byte Version10 = 10;
    private const int FirstPartLength = 8;

    public static HandshakePayload Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload, "handshake");
        byte version = reader.ReadByte();
        if (version != Version10)
        {
            throw new MySqlProtocolException($"The peer does not speak the MySQL protocol: handshake version {version}, where {Version10} is due.");
        }

        string serverVersion = reader.ReadNulText();
        uint connectionId = reader.ReadUInt32();
        var scramble = new byte[ScrambleLength];
        reader.ReadBytes(FirstPartLength).CopyTo(scramble);
        reader.Skip(1);
        var capabilities = (CapabilityFlags)reader.ReadUInt16();
        if (reader.Remaining == 0)
        {
            throw TooOld(serverVersion);
        }

        reader.Skip(3);
        capabilities |= (CapabilityFlags)((uint)reader.ReadUInt16() << 16);
        int dataLength = reader.ReadByte();
        reader.Skip(10);
        if (!capabilities.HasFlag(CapabilityFlags.Protocol41) || !capabilities.HasFlag(CapabilityFlags.SecureConnection))
        {
            throw TooOld(serverVersion);
        }

        var second = reader.ReadBytes(Math.Max(13, dataLength - FirstPartLength));
        second[..(ScrambleLength - FirstPartLength)].CopyTo(scramble.AsSpan(FirstPartLength));
        string plugin = capabilities.HasFlag(CapabilityFlags.PluginAuth) ? ReadPlugin(reader.ReadRest()) : Auth.AuthPluginNames.NativePassword;
        return new HandshakePayload(serverVersion, connectionId, capabilities, plugin, scramble);
    }

    // Some 5.5 servers leave out the terminating NUL (server bug 59453).
    private static string ReadPlugin(ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static MySqlConnectionException TooOld(string serverVersion) =>
        new("ServerTooOld", $"Server version {serverVersion} lacks the 4.1 protocol.") { IsTransient = false };
}
