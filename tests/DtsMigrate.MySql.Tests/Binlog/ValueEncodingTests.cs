using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Errors;
using FsCheck;
using FsCheck.Fluent;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>Values encoded here, by the description of the formats, must decode to the text they came from.</summary>
public sealed class ValueEncodingTests
{
    private static readonly int[] Bytes = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];

    [Fact]
    public void Decimals_of_every_precision_and_scale_decode()
    {
        Random random = new(1);
        for (int precision = 1; precision <= 65; precision++)
        {
            for (int scale = 0; scale <= Math.Min(30, precision); scale++)
            {
                foreach (string digits in new[] { new string('9', precision), new string('0', precision), Digits(random, precision), Digits(random, precision / 2).PadLeft(precision, '0') })
                {
                    foreach (bool negative in new[] { false, true })
                    {
                        string integer = digits[..(precision - scale)].TrimStart('0');
                        string text = (integer.Length == 0 ? "0" : integer) + (scale > 0 ? "." + digits[^scale..] : "");
                        bool zero = digits.All(static c => c == '0');
                        Assert.Equal(negative && !zero ? "-" + text : text, Text(Column(BinlogColumnType.NewDecimal, (precision << 8) | scale), EncodeDecimal(digits, scale, negative && !zero)));
                    }
                }
            }
        }
    }

    [Fact]
    public void Times_decode_at_every_precision()
    {
        Arbitrary<(int Seconds, int Micros, bool Negative, int Digits)> times =
            (from seconds in Gen.Choose(0, (838 * 3600) + 3599)
             from micros in Gen.Choose(0, 999_999)
             from negative in Gen.Elements(false, true)
             from digits in Gen.Choose(0, 6)
             select (seconds, micros, negative, digits)).ToArbitrary();
        Prop.ForAll(times, static t =>
        {
            int micros = Truncate(t.Micros, t.Digits);
            bool negative = t.Negative && (t.Seconds > 0 || micros > 0);
            long packed = ((long)(((t.Seconds / 3600) << 12) | ((t.Seconds / 60 % 60) << 6) | (t.Seconds % 60)) << 24) | (uint)micros;
            string text = $"{(negative ? "-" : "")}{t.Seconds / 3600:00}:{t.Seconds / 60 % 60:00}:{t.Seconds % 60:00}{Fraction(micros, t.Digits)}";
            return Text(Column(BinlogColumnType.Time2, t.Digits), EncodeTime(negative ? -packed : packed, t.Digits)) == text;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Datetimes_decode_at_every_precision_partial_dates_included()
    {
        Arbitrary<(int Year, int Month, int Day, int Second, int Micros, int Digits)> values =
            (from year in Gen.Choose(0, 9999)
             from month in Gen.Choose(0, 12)
             from day in Gen.Choose(0, 31)
             from second in Gen.Choose(0, 86_399)
             from micros in Gen.Choose(0, 999_999)
             from digits in Gen.Choose(0, 6)
             select (year, month, day, second, micros, digits)).ToArbitrary();
        Prop.ForAll(values, static v =>
        {
            int micros = Truncate(v.Micros, v.Digits);
            ulong packed = 0x80_0000_0000UL | ((ulong)((v.Year * 13) + v.Month) << 22) | ((ulong)v.Day << 17)
                | (uint)(((v.Second / 3600) << 12) | ((v.Second / 60 % 60) << 6) | (v.Second % 60));
            byte[] raw = [.. BigEndian(packed, 5), .. FractionBytes(micros, v.Digits)];
            string text = $"{v.Year:0000}-{v.Month:00}-{v.Day:00} {v.Second / 3600:00}:{v.Second / 60 % 60:00}:{v.Second % 60:00}{Fraction(micros, v.Digits)}";
            return Text(Column(BinlogColumnType.DateTime2, v.Digits), raw) == text;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Theory]
    [InlineData(0u, "0000-00-00 00:00:00.00")]
    [InlineData(1u, "1970-01-01 00:00:01.00")]
    [InlineData(uint.MaxValue, "2106-02-07 06:28:15.00")]
    public void Timestamps_are_in_UTC_and_zero_is_the_zero_date(uint seconds, string text) =>
        Assert.Equal(text, Text(Column(BinlogColumnType.Timestamp2, 2), [.. BigEndian(seconds, 4), 0]));

    [Theory]
    [InlineData(BinlogColumnType.Time, "FFFFFF", "-00:00:01")]
    [InlineData(BinlogColumnType.Time, "9FE17F", "838:08:31")]
    [InlineData(BinlogColumnType.Time, "40E201", "12:34:56")]
    [InlineData(BinlogColumnType.DateTime, "0000000000000000", "0000-00-00 00:00:00")]
    [InlineData(BinlogColumnType.Timestamp, "00000000", "0000-00-00 00:00:00")]
    [InlineData(BinlogColumnType.Timestamp, "01000000", "1970-01-01 00:00:01")]
    [InlineData(BinlogColumnType.Date, "000000", "0000-00-00")]
    [InlineData(BinlogColumnType.NewDate, "5DD00F", "2024-02-29")]
    [InlineData(BinlogColumnType.Year, "00", "0000")]
    [InlineData(BinlogColumnType.Year, "FF", "2155")]
    public void Older_temporal_formats_decode(byte type, string raw, string text) =>
        Assert.Equal(text, Text(Column(type, 0), Convert.FromHexString(raw)));

    [Fact]
    public void Old_datetime_is_a_decimal_number()
    {
        TableMapColumn column = Column(BinlogColumnType.DateTime, 0);
        Assert.Equal("2024-12-31 23:59:58", Text(column, BitConverter.GetBytes(20241231235958L)));
        foreach (long wrong in new[] { 20241331000000L, 20240132000000L, 20240101240000L, 20240101006000L, 100000101000000L, -1L })
        {
            Assert.Throws<MySqlProtocolException>(() => Text(column, BitConverter.GetBytes(wrong)));
        }
    }

    [Fact]
    public void Floating_point_text_always_has_an_exponent_and_reads_back()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), static bits =>
        {
            double value = BitConverter.Int64BitsToDouble(bits);
            byte[] raw = BitConverter.GetBytes(bits);
            if (!double.IsFinite(value))
            {
                return Record.Exception(() => Text(Column(BinlogColumnType.Double, 8), raw)) is MySqlProtocolException;
            }

            string text = Text(Column(BinlogColumnType.Double, 8), raw);
            return text.Contains('e', StringComparison.Ordinal) && BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)) == bits;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        Assert.Equal("-0e0", Text(Column(BinlogColumnType.Float, 4), BitConverter.GetBytes(-0f)));
        Assert.Equal("0.10000000149011612e0", Text(Column(BinlogColumnType.Float, 4), BitConverter.GetBytes(0.1f)));
        Assert.Equal("1e20", Text(Column(BinlogColumnType.Double, 8), BitConverter.GetBytes(1e20)));
        Assert.Equal("1e-05", Text(Column(BinlogColumnType.Double, 8), BitConverter.GetBytes(1e-5)));
    }

    [Fact]
    public void Binary_is_padded_and_char_is_not()
    {
        TableMapColumn binary = Column(BinlogColumnType.String, 4) with { CollationId = 63 };
        Assert.Equal("a\0\0\0", Text(binary, [(byte)'a']));
        Assert.Equal("a", Text(binary with { CollationId = 255 }, [(byte)'a']));
        Assert.Equal("a", Text(binary with { CollationId = null }, [(byte)'a']));
    }

    [Fact]
    public void Values_of_a_wrong_length_are_errors()
    {
        foreach (byte type in new byte[] { 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 246, 247, 248 })
        {
            TableMapColumn column = Column(type, type == 246 ? (10 << 8) | 2 : 4);
            Assert.Throws<MySqlProtocolException>(() => Text(column, []));
            Assert.Throws<MySqlProtocolException>(() => Text(column, new byte[40]));
        }
    }

    private static TableMapColumn Column(byte type, int metadata) => new() { Type = type, Metadata = metadata, IsNullable = true };

    private static string Text(TableMapColumn column, byte[] raw)
    {
        ArrayBufferWriter<byte> text = new();
        BinlogValueWriter.WriteText(column, unsigned: false, raw, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static string Digits(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));

    private static byte[] EncodeDecimal(string digits, int scale, bool negative)
    {
        int integer = digits.Length - scale;
        List<byte> bytes = [];
        Group(digits[..(integer % 9)]);
        for (int i = integer % 9; i < integer; i += 9)
        {
            Group(digits[i..(i + 9)]);
        }

        for (int i = integer; i < digits.Length; i += 9)
        {
            Group(digits[i..Math.Min(i + 9, digits.Length)]);
        }

        bytes[0] ^= 0x80;
        return [.. bytes.Select(b => negative ? (byte)~b : b)];

        void Group(string group)
        {
            if (group.Length > 0)
            {
                bytes.AddRange(BigEndian(ulong.Parse(group, CultureInfo.InvariantCulture), Bytes[group.Length]));
            }
        }
    }

    /// <summary>The server's TIME: a packed number of which the column keeps the upper bytes, counted from the middle of its range.</summary>
    private static byte[] EncodeTime(long packed, int digits)
    {
        int fractionBytes = (digits + 1) / 2;
        long unit = fractionBytes switch { 1 => 10_000, 2 => 100, _ => 1 };
        long seconds = packed >> 24;
        long fraction = packed - (seconds << 24);
        if (packed < 0)
        {
            // The sign is that of the whole: split the magnitude, then negate both parts.
            seconds = -(-packed >> 24);
            fraction = -(-packed & 0xFFFFFF);
        }

        BigInteger whole = ((BigInteger)seconds << (8 * fractionBytes)) + (fractionBytes == 0 ? 0 : fraction / unit);
        return BigEndian((ulong)(whole + ((BigInteger)0x800000 << (8 * fractionBytes))), 3 + fractionBytes);
    }

    private static byte[] FractionBytes(int micros, int digits)
    {
        int bytes = (digits + 1) / 2;
        return BigEndian((ulong)(micros / (bytes switch { 1 => 10_000, 2 => 100, _ => 1 })), bytes);
    }

    private static int Truncate(int micros, int digits)
    {
        int unit = (int)Math.Pow(10, 6 - digits);
        return micros / unit * unit;
    }

    private static string Fraction(int micros, int digits) => digits == 0 ? "" : "." + micros.ToString("000000", CultureInfo.InvariantCulture)[..digits];

    private static byte[] BigEndian(ulong value, int bytes)
    {
        byte[] whole = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(whole, value);
        return whole[(8 - bytes)..];
    }
}
