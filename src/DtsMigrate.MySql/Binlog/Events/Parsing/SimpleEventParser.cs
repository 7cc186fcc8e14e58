using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Reads the events of a few fields each.</summary>
internal static class SimpleEventParser
{
    private const int XidPartMaximum = 64;
    private const int ServerVersionLength = 50;

    public static IncidentEvent Incident(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        ushort number = reader.UInt16();
        string message = reader.Remaining > 0 ? reader.Utf8(reader.UInt8()) : "";
        return new IncidentEvent
        {
            Header = header,
            End = end,
            Message = message.Length > 0 ? message : string.Create(CultureInfo.InvariantCulture, $"incident {number}"),
        };
    }

    /// <summary>The length byte holds at most 255 and is no use for longer statements: the text is all the rest.</summary>
    public static RowsQueryEvent RowsQuery(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        reader.Skip(1);
        return new RowsQueryEvent { Header = header, End = end, Sql = Encoding.UTF8.GetString(reader.Rest()) };
    }

    public static XaPrepareEvent XaPrepare(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        bool onePhase = reader.UInt8() != 0;
        uint format = reader.UInt32();
        uint global = reader.UInt32();
        uint branch = reader.UInt32();
        if (global > XidPartMaximum || branch > XidPartMaximum)
        {
            throw new MySqlProtocolException($"an XA id of {global} and {branch} bytes; {XidPartMaximum} each are legal");
        }

        string xid = string.Create(
            CultureInfo.InvariantCulture,
            $"X'{Convert.ToHexStringLower(reader.Bytes((int)global))}',X'{Convert.ToHexStringLower(reader.Bytes((int)branch))}',{format}");
        return new XaPrepareEvent { Header = header, End = end, OnePhase = onePhase, Xid = xid };
    }

    public static FormatDescriptionEvent FormatDescription(ref EventReader reader, bool hasChecksum, in BinlogEventHeader header, BinlogCoordinate end)
    {
        ushort version = reader.UInt16();
        if (version != 4)
        {
            throw new MySqlProtocolException($"binary log format version {version}; only version 4 (MySQL 5.0 and later) is supported");
        }

        ReadOnlySpan<byte> serverVersion = reader.Bytes(ServerVersionLength);
        int length = serverVersion.IndexOf((byte)0);
        bool followsServerStart = reader.UInt32() != 0;
        byte headerLength = reader.UInt8();
        if (headerLength != BinlogEventParser.HeaderLength)
        {
            throw new MySqlProtocolException($"event headers of {headerLength} bytes; {BinlogEventParser.HeaderLength} are expected");
        }

        return new FormatDescriptionEvent
        {
            Header = header,
            End = end,
            ServerVersion = Encoding.UTF8.GetString(length < 0 ? serverVersion : serverVersion[..length]),
            FollowsServerStart = followsServerStart,
            HasChecksum = hasChecksum,
            PostHeaderLengths = reader.Rest().ToArray(),
        };
    }

    /// <summary>Log position of HEARTBEAT_LOG_EVENT version 2, in 64 bits; null when it does not say.</summary>
    public static ulong? HeartbeatPosition(ref EventReader reader)
    {
        const byte End = 0, Position = 2;
        ulong? position = null;
        while (reader.Remaining > 0)
        {
            byte type = reader.UInt8();
            if (type == End)
            {
                break;
            }

            EventReader value = new(reader.Bytes(reader.PackedLength("the length of a heartbeat field")));
            if (type == Position)
            {
                position = value.PackedInteger();
            }
        }

        return position;
    }
}
