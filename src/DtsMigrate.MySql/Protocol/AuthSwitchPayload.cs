using System.Text;

namespace DtsMigrate.MySql.Protocol;

/// <summary>The server asks for another plugin (protocol::AuthSwitchRequest).</summary>
internal readonly record struct AuthSwitchPayload(string Plugin, byte[] Scramble)
{
    public const byte Header = 0xFE;

    public static AuthSwitchPayload Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 1)
        {
            // The single byte 0xFE asks for the pre-4.1 password hash.
            return new AuthSwitchPayload(Auth.AuthPluginNames.OldPassword, []);
        }

        var reader = new PacketReader(payload, "authentication switch");
        reader.Skip(1);
        string plugin = Encoding.UTF8.GetString(reader.ReadNulBytes());
        var data = reader.ReadRest();
        return new AuthSwitchPayload(plugin, (data.Length > 0 && data[^1] == 0 ? data[..^1] : data).ToArray());
    }
}
