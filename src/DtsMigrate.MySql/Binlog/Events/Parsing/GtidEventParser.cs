using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Reads GTID (33), ANONYMOUS_GTID (34) and GTID_TAGGED (42) events.</summary>
internal static class GtidEventParser
{
    private const byte LogicalClock = 2;
    private const ulong SecondTimestampFollows = 1UL << 55;

    /// <summary>Field ids of a GTID_TAGGED event, in their order of definition in the server.</summary>
    private enum Field
    {
        Flags,
        Uuid,
        Number,
        Tag,
        LastCommitted,
        SequenceNumber,
        ImmediateCommit,
        OriginalCommit,
        TransactionLength,
        ImmediateServerVersion,
        OriginalServerVersion,
        CommitGroupTicket,
        Count,
    }

    public static GtidEvent Parse(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        reader.Skip(1);
        Guid uuid = new(reader.Bytes(16), bigEndian: true);
        long number = (long)reader.UInt64();
        bool anonymous = header.Type == EventType.AnonymousGtid;
        CheckNumber(number, anonymous);

        long lastCommitted = 0, sequenceNumber = 0;
        ulong immediate = 0, original = 0, length = 0;
        if (reader.Remaining >= 17 && reader.UInt8() == LogicalClock)
        {
            lastCommitted = (long)reader.UInt64();
            sequenceNumber = (long)reader.UInt64();
            if (reader.Remaining >= 7)
            {
                immediate = reader.UInt(7);
                bool both = (immediate & SecondTimestampFollows) != 0;
                immediate &= ~SecondTimestampFollows;
                original = both ? reader.UInt(7) : immediate;
                length = reader.Remaining > 0 ? reader.PackedInteger() : 0;
            }
        }

        return new GtidEvent
        {
            Header = header,
            End = end,
            Gtid = anonymous ? null : new Gtid(new GtidTag(uuid, ""), number),
            LastCommitted = lastCommitted,
            SequenceNumber = sequenceNumber,
            ImmediateCommitMicroseconds = (long)immediate,
            OriginalCommitMicroseconds = (long)original,
            TransactionLength = length,
        };
    }

    public static GtidEvent ParseTagged(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        ulong version = MessageFields.Unsigned(ref reader);
        if (version != 1)
        {
            throw new MySqlProtocolException($"serialization format version {version}; only version 1 is known");
        }

        MessageFields.Unsigned(ref reader); // size of the message; the event has nothing else
        ulong lastNeeded = MessageFields.Unsigned(ref reader);
        if (lastNeeded >= (ulong)Field.Count)
        {
            throw new MySqlProtocolException($"field {lastNeeded} must be understood and is not known");
        }

        Span<byte> uuid = stackalloc byte[16];
        string tag = "";
        Span<long> fields = stackalloc long[(int)Field.Count];
        uint seen = 0;
        while (reader.Remaining > 0)
        {
            ulong id = MessageFields.Unsigned(ref reader);
            if (id >= (ulong)Field.Count)
            {
                break; // ignorable fields of later servers; they come last and their size is not told
            }

            seen |= 1u << (int)id;
            switch ((Field)id)
            {
                case Field.Uuid:
                    foreach (ref byte part in uuid)
                    {
                        ulong value = MessageFields.Unsigned(ref reader);
                        part = value <= 255 ? (byte)value : throw new MySqlProtocolException($"byte {value} in a UUID");
                    }

                    break;
                case Field.Tag:
                    tag = MessageFields.Text(ref reader, GtidTag.MaximumTagLength);
                    break;
                case Field.Number or Field.LastCommitted or Field.SequenceNumber:
                    fields[(int)id] = MessageFields.Signed(ref reader);
                    break;
                default:
                    fields[(int)id] = (long)MessageFields.Unsigned(ref reader);
                    break;
            }
        }

        const uint Needed = (1u << (int)Field.Uuid) | (1u << (int)Field.Number);
        if ((seen & Needed) != Needed)
        {
            throw new MySqlProtocolException("no UUID or no number");
        }

        if (tag.Length > 0 && !GtidTag.IsLegalTag(tag))
        {
            throw new MySqlProtocolException($"illegal tag '{tag}'");
        }

        long number = fields[(int)Field.Number];
        CheckNumber(number, anonymous: false);
        long immediate = fields[(int)Field.ImmediateCommit];
        return new GtidEvent
        {
            Header = header,
            End = end,
            Gtid = new Gtid(new GtidTag(new Guid(uuid, bigEndian: true), tag), number),
            LastCommitted = fields[(int)Field.LastCommitted],
            SequenceNumber = fields[(int)Field.SequenceNumber],
            ImmediateCommitMicroseconds = immediate,
            OriginalCommitMicroseconds = (seen & (1u << (int)Field.OriginalCommit)) != 0 ? fields[(int)Field.OriginalCommit] : immediate,
            TransactionLength = (ulong)fields[(int)Field.TransactionLength],
        };
    }

    private static void CheckNumber(long number, bool anonymous)
    {
        if (anonymous ? number != 0 : number is < 1 or > Gtid.MaximumNumber)
        {
            throw new MySqlProtocolException($"transaction number {number} is out of range");
        }
    }
}
