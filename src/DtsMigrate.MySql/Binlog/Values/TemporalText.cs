using System.Buffers;
using System.Buffers.Binary;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>Binary temporal values to the server's text. Zero and partial dates are values like any other; no calendar type is involved.</summary>
/// <remarks>MySQL source, "my_time.cc": packed forms "datetime_packed", "time_packed" and "timestamp" with fraction, and the forms before 5.6.4.</remarks>
internal static class TemporalText
{
    private const int Microsecond = 6;

    private static ReadOnlySpan<uint> FractionUnit => [1_000_000, 100_000, 10_000, 1000, 100, 10, 1];

    public static void Date(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        uint value = (uint)LittleEndian(raw, 3);
        WriteDate(value >> 9, (value >> 5) & 15, value & 31, output);
    }

    /// <summary>DATETIME of 5.6.4 and later: 1 bit sign, 17 bits year * 13 + month, 5 day, 5 hour, 6 minute, 6 second, then the fraction.</summary>
    public static void DateTime2(ReadOnlySpan<byte> raw, int digits, IBufferWriter<byte> output)
    {
        const ulong NotNegative = 0x80_0000_0000;
        ulong packed = BigEndian(raw, 5);
        if ((packed & NotNegative) == 0)
        {
            throw new MySqlProtocolException("a negative DATETIME");
        }

        packed &= NotNegative - 1;
        DateAndTime((uint)(packed >> 22), (uint)((packed >> 17) & 31), (uint)(packed & 0x1FFFF), Fraction(raw[5..], digits), digits, output);
    }

    /// <summary>DATETIME before 5.6.4: decimal YYYYMMDDhhmmss.</summary>
    public static void DateTime(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        ulong value = LittleEndian(raw, 8);
        ulong date = value / 1_000_000;
        if (date > 9999_99_99)
        {
            throw new MySqlProtocolException($"a DATETIME of {value}");
        }

        uint time = (uint)(value % 1_000_000);
        WriteDate((uint)date / 10000, (uint)date / 100 % 100, (uint)date % 100, output);
        output.Write(" "u8);
        WriteTime(time / 10000, time / 100 % 100, time % 100, 23, 0, 0, output);
    }

    /// <summary>TIMESTAMP: seconds since 1970 UTC, big-endian, then the fraction. 0 is the zero date.</summary>
    public static void Timestamp2(ReadOnlySpan<byte> raw, int digits, IBufferWriter<byte> output) =>
        WriteTimestamp((uint)BigEndian(raw, 4), Fraction(raw[4..], digits), digits, output);

    /// <summary>TIMESTAMP before 5.6.4.</summary>
    public static void Timestamp(ReadOnlySpan<byte> raw, IBufferWriter<byte> output) =>
        WriteTimestamp((uint)LittleEndian(raw, 4), 0, 0, output);

    /// <summary>
    /// TIME of 5.6.4 and later: 1 bit sign, 1 unused, 10 hour, 6 minute, 6 second, fraction. A negative value is the two's complement of the whole,
    /// fraction included, at the width of the column.
    /// </summary>
    public static void Time2(ReadOnlySpan<byte> raw, int digits, IBufferWriter<byte> output)
    {
        int fractionBytes = ColumnSize.FractionBytes(digits);
        long whole = (long)BigEndian(raw, 3 + fractionBytes) - (0x80_0000L << (8 * fractionBytes));
        bool negative = whole < 0;
        whole = Math.Abs(whole);
        uint time = (uint)(whole >> (8 * fractionBytes));
        uint fraction = Microseconds((uint)(whole & ((1L << (8 * fractionBytes)) - 1)), fractionBytes);
        if ((time >> 22) != 0)
        {
            throw new MySqlProtocolException("a TIME of more than 1023 hours");
        }

        Signed(negative, output);
        WriteTime(time >> 12, (time >> 6) & 63, time & 63, MaximumHour, fraction, digits, output);
    }

    /// <summary>TIME before 5.6.4: signed decimal hhhmmss.</summary>
    public static void Time(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        int value = (int)((uint)LittleEndian(raw, 3) << 8) >> 8;
        Signed(value < 0, output);
        uint time = (uint)Math.Abs(value);
        WriteTime(time / 10000, time / 100 % 100, time % 100, MaximumHour, 0, 0, output);
    }

    /// <summary>DATE, DATETIME and TIMESTAMP inside JSON: 8 bytes, packed value shifted left by 24 bits of microseconds.</summary>
    public static void PackedDateTime(long packed, bool dateOnly, IBufferWriter<byte> output)
    {
        if (packed < 0)
        {
            throw new MySqlProtocolException("a negative date in JSON");
        }

        ulong value = (ulong)packed >> 24;
        uint month = (uint)Math.Min(value >> 22, uint.MaxValue), day = (uint)((value >> 17) & 31);
        if (dateOnly)
        {
            WriteDate(month / 13, month % 13, day, output);
        }
        else
        {
            DateAndTime(month, day, (uint)(value & 0x1FFFF), (uint)(packed & 0xFFFFFF), Microsecond, output);
        }
    }

    /// <summary>TIME inside JSON.</summary>
    public static void PackedTime(long packed, IBufferWriter<byte> output)
    {
        ulong value = packed < 0 ? (ulong)-packed : (ulong)packed;
        Signed(packed < 0, output);
        ulong time = value >> 24;
        if ((time >> 22) != 0)
        {
            throw new MySqlProtocolException("a TIME of more than 1023 hours");
        }

        WriteTime((uint)time >> 12, (uint)(time >> 6) & 63, (uint)time & 63, MaximumHour, (uint)(value & 0xFFFFFF), Microsecond, output);
    }

    private const uint MaximumHour = 838;

    private static void DateAndTime(uint yearAndMonth, uint day, uint time, uint fraction, int digits, IBufferWriter<byte> output)
    {
        WriteDate(yearAndMonth / 13, yearAndMonth % 13, day, output);
        output.Write(" "u8);
        WriteTime(time >> 12, (time >> 6) & 63, time & 63, 23, fraction, digits, output);
    }

    private static void WriteTimestamp(uint seconds, uint fraction, int digits, IBufferWriter<byte> output)
    {
        if (seconds == 0)
        {
            WriteDate(0, 0, 0, output);
            output.Write(" "u8);
            WriteTime(0, 0, 0, 23, fraction, digits, output);
            return;
        }

        DateTime time = System.DateTime.UnixEpoch.AddSeconds(seconds);
        WriteDate((uint)time.Year, (uint)time.Month, (uint)time.Day, output);
        output.Write(" "u8);
        WriteTime((uint)time.Hour, (uint)time.Minute, (uint)time.Second, 23, fraction, digits, output);
    }

    private static void WriteDate(uint year, uint month, uint day, IBufferWriter<byte> output)
    {
        if (year > 9999 || month > 12 || day > 31)
        {
            throw new MySqlProtocolException($"a date of year {year}, month {month}, day {day}");
        }

        Span<byte> text = output.GetSpan(10);
        TextOutput.Padded(text, year, 4);
        text[4] = (byte)'-';
        TextOutput.Padded(text[5..], month, 2);
        text[7] = (byte)'-';
        TextOutput.Padded(text[8..], day, 2);
        output.Advance(10);
    }

    private static void WriteTime(uint hour, uint minute, uint second, uint maximumHour, uint microseconds, int digits, IBufferWriter<byte> output)
    {
        if (hour > maximumHour || minute > 59 || second > 59 || microseconds > 999_999)
        {
            throw new MySqlProtocolException($"a time of {hour} hours, {minute} minutes, {second} seconds, {microseconds} microseconds");
        }

        Span<byte> text = output.GetSpan(16);
        int hourDigits = hour > 99 ? 3 : 2;
        TextOutput.Padded(text, hour, hourDigits);
        text[hourDigits] = (byte)':';
        TextOutput.Padded(text[(hourDigits + 1)..], minute, 2);
        text[hourDigits + 3] = (byte)':';
        TextOutput.Padded(text[(hourDigits + 4)..], second, 2);
        int length = hourDigits + 6;
        if (digits > 0)
        {
            text[length] = (byte)'.';
            TextOutput.Padded(text[(length + 1)..], microseconds / FractionUnit[digits], digits);
            length += 1 + digits;
        }

        output.Advance(length);
    }

    private static void Signed(bool negative, IBufferWriter<byte> output)
    {
        if (negative)
        {
            output.Write("-"u8);
        }
    }

    /// <summary>Fraction bytes to microseconds.</summary>
    private static uint Fraction(ReadOnlySpan<byte> raw, int digits)
    {
        int bytes = ColumnSize.FractionBytes(digits);
        return Microseconds((uint)BigEndian(raw, bytes), bytes);
    }

    /// <summary>One byte counts 1/100 s, two bytes 1/10,000 s, three bytes microseconds.</summary>
    private static uint Microseconds(uint stored, int bytes)
    {
        uint unit = bytes switch { 1 => 10_000u, 2 => 100u, _ => 1u };
        return stored * unit;
    }

    private static ulong BigEndian(ReadOnlySpan<byte> raw, int bytes)
    {
        Check(raw, bytes);
        ulong value = 0;
        foreach (byte part in raw[..bytes])
        {
            value = (value << 8) | part;
        }

        return value;
    }

    private static ulong LittleEndian(ReadOnlySpan<byte> raw, int bytes)
    {
        Check(raw, bytes);
        Span<byte> whole = stackalloc byte[8];
        whole.Clear();
        raw[..bytes].CopyTo(whole);
        return BinaryPrimitives.ReadUInt64LittleEndian(whole);
    }

    private static void Check(ReadOnlySpan<byte> raw, int bytes)
    {
        if (raw.Length < bytes)
        {
            throw new MySqlProtocolException($"a temporal value of {raw.Length} bytes where {bytes} are expected");
        }
    }
}
