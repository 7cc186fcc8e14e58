using System.Text;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Binlog;

/// <summary>The commands that make a connection a replica's. Server source documentation: COM_REGISTER_SLAVE, COM_BINLOG_DUMP, COM_BINLOG_DUMP_GTID.</summary>
internal static class BinlogDumpCommand
{
    /// <summary>Events start behind the four bytes of the file's magic number.</summary>
    public const uint FirstOffset = 4;

    private const ushort ThroughGtid = 0x04;

    /// <summary>Longest host name that SHOW REPLICAS keeps.</summary>
    private const int MaxHostLength = 60;

    public static void WriteRegistration(PayloadBuilder builder, uint serverId, string host)
    {
        byte[] shown = Encoding.ASCII.GetBytes(host);
        int length = Math.Min(shown.Length, MaxHostLength);
        builder
            .UInt32(serverId)
            .Byte((byte)length).Bytes(shown.AsSpan(0, length))
            .Byte(0) // user
            .Byte(0) // password
            .UInt16(0) // port
            .UInt32(0) // rank, unused
            .UInt32(0); // source id, filled by the server
    }

    public static void WriteDump(PayloadBuilder builder, uint serverId, string file, uint offset) =>
        builder.UInt32(offset).UInt16(0).UInt32(serverId).Bytes(Encoding.UTF8.GetBytes(file));

    public static void WriteDumpGtid(PayloadBuilder builder, uint serverId, ReadOnlySpan<byte> gtids) =>
        builder.UInt16(ThroughGtid).UInt32(serverId).UInt32(0).UInt64(FirstOffset).UInt32((uint)gtids.Length).Bytes(gtids);
}
