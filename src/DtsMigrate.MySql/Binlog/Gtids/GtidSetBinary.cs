using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using DtsMigrate.MySql.Binlog.Events.Parsing;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>
/// The binary form: a count of origins; per origin the UUID, in the tagged form the tag, a count of intervals, and per interval its first
/// number and the one after its last. The format number (0 plain, 1 tagged) is the count's highest byte; tagged, it is also the lowest,
/// and the count lies between.
/// </summary>
internal static class GtidSetBinary
{
    private const int Plain = 0;
    private const int Tagged = 1;
    private const int IntervalLength = 16;

    public static GtidSet Parse(ReadOnlySpan<byte> bytes)
    {
        EventReader reader = new(bytes);
        ulong header = reader.UInt64();
        int format = (int)(header >> 56);
        ulong count = format switch
        {
            Plain => header,
            Tagged => (header << 8) >> 16,
            _ => throw new MySqlProtocolException($"GTID set format {format} is not known"),
        };

        Dictionary<GtidTag, List<GtidInterval>> intervals = [];
        for (ulong i = 0; i < count; i++)
        {
            Guid uuid = new(reader.Bytes(16), bigEndian: true);
            string tag = format == Tagged ? MessageFields.Text(ref reader, GtidTag.MaximumTagLength) : "";
            if (tag.Length > 0 && !GtidTag.IsLegalTag(tag))
            {
                throw new MySqlProtocolException("illegal tag in a GTID set");
            }

            ulong intervalCount = reader.UInt64();
            if (intervalCount > (ulong)(reader.Remaining / IntervalLength))
            {
                throw new MySqlProtocolException($"{intervalCount} intervals in {reader.Remaining} bytes of a GTID set");
            }

            GtidTag origin = new(uuid, tag);
            if (!intervals.TryGetValue(origin, out List<GtidInterval>? list))
            {
                intervals.Add(origin, list = []);
            }

            for (ulong j = 0; j < intervalCount; j++)
            {
                long start = (long)reader.UInt64();
                long end = (long)reader.UInt64();
                list.Add(start >= 1 && end > start
                    ? new GtidInterval(start, end)
                    : throw new MySqlProtocolException($"interval {start} .. {end} in a GTID set"));
            }
        }

        return reader.Remaining == 0
            ? GtidSet.From(intervals)
            : throw new MySqlProtocolException($"{reader.Remaining} bytes after a GTID set");
    }

    public static byte[] Write(GtidSet set)
    {
        ReadOnlySpan<(GtidTag Origin, GtidIntervals Intervals)> origins = set.Origins;
        bool tagged = false;
        foreach ((GtidTag origin, _) in origins)
        {
            tagged |= origin.Tag.Length > 0;
        }

        ArrayBufferWriter<byte> output = new();
        ulong count = (ulong)origins.Length;
        UInt64(output, tagged ? ((ulong)Tagged << 56) | (count << 8) | Tagged : count);
        foreach ((GtidTag origin, GtidIntervals intervals) in origins)
        {
            origin.Uuid.TryWriteBytes(output.GetSpan(16), bigEndian: true, out _);
            output.Advance(16);
            if (tagged)
            {
                // Lengths up to 32 fit the one-byte form of the serialization library's integers.
                output.Write([(byte)(origin.Tag.Length << 1)]);
                Encoding.ASCII.GetBytes(origin.Tag, output);
            }

            UInt64(output, (ulong)intervals.Count);
            for (int i = 0; i < intervals.Count; i++)
            {
                UInt64(output, (ulong)intervals[i].Start);
                UInt64(output, (ulong)intervals[i].End);
            }
        }

        return output.WrittenSpan.ToArray();
    }

    private static void UInt64(ArrayBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }
}
