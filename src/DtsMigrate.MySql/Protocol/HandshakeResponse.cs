namespace DtsMigrate.MySql.Protocol;

/// <summary>The client's answer to the greeting: SSLRequest and HandshakeResponse41.</summary>
internal static class HandshakeResponse
{
    private const uint MaxPacketSize = 1u << 30;

    /// <summary>utf8mb4_general_ci: known to every server from 5.5 on; SET NAMES follows.</summary>
    private const byte Utf8Mb4 = 45;

    private const CapabilityFlags Wanted =
        CapabilityFlags.LongPassword | CapabilityFlags.FoundRows | CapabilityFlags.LongFlag | CapabilityFlags.LocalFiles |
        CapabilityFlags.Protocol41 | CapabilityFlags.Transactions | CapabilityFlags.SecureConnection | CapabilityFlags.MultiStatements |
        CapabilityFlags.MultiResults | CapabilityFlags.PluginAuth | CapabilityFlags.ConnectAttributes | CapabilityFlags.PluginAuthLenEncData |
        CapabilityFlags.DeprecateEof;

    /// <summary>What both sides can do.</summary>
    public static CapabilityFlags Negotiate(CapabilityFlags server, bool tls, bool database)
    {
        var wanted = Wanted;
        wanted |= tls ? CapabilityFlags.Ssl : CapabilityFlags.None;
        wanted |= database ? CapabilityFlags.ConnectWithDatabase : CapabilityFlags.None;
        return wanted & server;
    }

    /// <summary>Protocol::SSLRequest: the first 32 bytes of the response, before anything worth hiding.</summary>
    public static void WriteSslRequest(PayloadBuilder builder, CapabilityFlags capabilities) =>
        builder.UInt32((uint)capabilities).UInt32(MaxPacketSize).Byte(Utf8Mb4).Zeros(23);

    /// <summary>Protocol::HandshakeResponse41.</summary>
    public static void Write(
        PayloadBuilder builder, CapabilityFlags capabilities, string user, ReadOnlySpan<byte> authData, string? database, string plugin,
        IReadOnlyList<KeyValuePair<string, string>> attributes)
    {
        WriteSslRequest(builder, capabilities);
        builder.NulText(user);
        if (capabilities.HasFlag(CapabilityFlags.PluginAuthLenEncData))
        {
            builder.LenEncBytes(authData);
        }
        else
        {
            builder.Byte(checked((byte)authData.Length)).Bytes(authData);
        }

        if (capabilities.HasFlag(CapabilityFlags.ConnectWithDatabase))
        {
            builder.NulText(database!);
        }

        if (capabilities.HasFlag(CapabilityFlags.PluginAuth))
        {
            builder.NulText(plugin);
        }

        if (capabilities.HasFlag(CapabilityFlags.ConnectAttributes))
        {
            WriteAttributes(builder, attributes);
        }
    }

    private static void WriteAttributes(PayloadBuilder builder, IReadOnlyList<KeyValuePair<string, string>> attributes)
    {
        using var block = new PayloadBuilder();
        foreach (var (name, value) in attributes)
        {
            block.LenEncText(name).LenEncText(value);
        }

        builder.LenEncBytes(block.Written.Span);
    }
}
