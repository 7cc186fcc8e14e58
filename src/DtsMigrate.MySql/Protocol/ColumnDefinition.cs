using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Protocol;

/// <summary>Parser of protocol::ColumnDefinition41.</summary>
internal static class ColumnDefinition
{
    public static ResultColumn Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload, "column definition");
        reader.ReadLenEncBytes(); // catalog
        reader.ReadLenEncBytes(); // schema
        reader.ReadLenEncBytes(); // table alias
        reader.ReadLenEncBytes(); // table
        string name = reader.ReadLenEncText();
        reader.ReadLenEncBytes(); // column behind the alias
        reader.ReadLenEncInteger(); // length of what follows
        ushort charset = reader.ReadUInt16();
        uint length = reader.ReadUInt32();
        byte type = reader.ReadByte();
        ushort flags = reader.ReadUInt16();
        byte decimals = reader.ReadByte();
        return new ResultColumn(name, type, charset, flags, length, decimals);
    }
}
