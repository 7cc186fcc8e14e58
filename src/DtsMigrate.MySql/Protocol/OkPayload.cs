using System.Text;

namespace DtsMigrate.MySql.Protocol;

/// <summary>An OK packet (protocol::OK_Packet), also in the place of EOF when CLIENT_DEPRECATE_EOF is in force.</summary>
internal readonly record struct OkPayload(ulong AffectedRows, ulong LastInsertId, ServerStatus Status, ushort Warnings, string Info)
{
    public const byte Header = 0x00;
    public const byte EofHeader = 0xFE;

    public static OkPayload Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload, "OK packet");
        reader.Skip(1);
        ulong affected = reader.ReadLenEncInteger();
        ulong insertId = reader.ReadLenEncInteger();
        var status = (ServerStatus)reader.ReadUInt16();
        ushort warnings = reader.ReadUInt16();
        return new OkPayload(affected, insertId, status, warnings, ReadInfo(reader));
    }

    // The documentation calls the text "the rest of the packet" without CLIENT_SESSION_TRACK; servers give it a length all the same.
    private static string ReadInfo(PacketReader reader)
    {
        if (reader.Remaining == 0)
        {
            return string.Empty;
        }

        var prefixed = reader;
        var rest = reader.ReadRest();
        bool hasPrefix = rest[0] < 0xFB || (rest[0] == 0xFC && rest.Length > 2);
        if (hasPrefix && prefixed.ReadLenEncInteger() == (ulong)prefixed.Remaining)
        {
            rest = prefixed.ReadRest();
        }

        return Encoding.UTF8.GetString(rest);
    }
}
