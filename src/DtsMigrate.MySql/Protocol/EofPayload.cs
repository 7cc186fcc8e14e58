namespace DtsMigrate.MySql.Protocol;

/// <summary>An EOF packet of a server without CLIENT_DEPRECATE_EOF, or of a binlog dump (protocol::EOF_Packet).</summary>
internal readonly record struct EofPayload(ushort Warnings, ServerStatus Status)
{
    /// <summary>A longer payload that starts with 0xFE is a row with a field of 16 MiB or more.</summary>
    private const int LongestEof = 8;

    public static bool Is(ReadOnlySpan<byte> payload) => payload.Length is > 0 and <= LongestEof && payload[0] == OkPayload.EofHeader;

    public static EofPayload Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload, "EOF packet");
        reader.Skip(1);
        return new EofPayload(reader.ReadUInt16(), (ServerStatus)reader.ReadUInt16());
    }
}
