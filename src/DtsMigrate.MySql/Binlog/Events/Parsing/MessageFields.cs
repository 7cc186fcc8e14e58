using System.Numerics;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Integers of the server's serialization library (mysql::serialization), which tagged GTID events and tagged GTID sets use.</summary>
/// <remarks>MySQL source documentation, "MySQL Serialization Library": the number of trailing one bits of the first byte, plus one, is the length.</remarks>
internal static class MessageFields
{
    /// <summary>Unsigned integer of 1 to 9 bytes.</summary>
    public static ulong Unsigned(ref EventReader reader)
    {
        byte first = reader.UInt8();
        int more = BitOperations.TrailingZeroCount(~(uint)first & 0x1FFu);
        if (more == 8)
        {
            return reader.UInt64();
        }

        // Length bits and the zero after them take more + 1 bits of the little-endian whole.
        return (first | (reader.UInt(more) << 8)) >> (more + 1);
    }

    /// <summary>Signed integer: magnitude shifted left by one, sign in the lowest bit.</summary>
    public static long Signed(ref EventReader reader)
    {
        ulong raw = Unsigned(ref reader);
        long half = (long)(raw >> 1);
        return (raw & 1) == 0 ? half : -half - 1;
    }

    /// <summary>Text: its length as an unsigned integer, then one byte per character.</summary>
    public static string Text(ref EventReader reader, int maximum)
    {
        ulong length = Unsigned(ref reader);
        if (length > (ulong)maximum)
        {
            throw new MySqlProtocolException($"a text of {length} bytes where at most {maximum} are legal");
        }

        return reader.Utf8((int)length);
    }
}
