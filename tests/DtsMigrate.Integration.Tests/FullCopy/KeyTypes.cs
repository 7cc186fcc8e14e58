using System.Globalization;
using System.Text;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Types of key columns, each with SQL expressions of values: extremes, ties and neighbours.</summary>
internal static class KeyTypes
{
    private static readonly string[] Collations =
    [
        "latin1_swedish_ci", "latin1_bin", "latin1_german2_ci", "latin1_general_cs", "latin2_czech_cs", "cp1251_general_ci", "ascii_general_ci", "tis620_thai_ci",
        "utf8mb3_general_ci", "utf8mb3_unicode_ci", "utf8mb3_bin", "utf8mb4_0900_ai_ci", "utf8mb4_0900_as_cs", "utf8mb4_0900_bin", "utf8mb4_bin", "utf8mb4_general_ci",
        "utf8mb4_unicode_520_ci", "utf8mb4_ja_0900_as_cs_ks", "utf8mb4_zh_0900_as_cs", "utf8mb4_de_pb_0900_ai_ci", "utf8mb4_es_trad_0900_ai_ci", "utf16_general_ci",
        "utf16_unicode_ci", "utf16_bin", "utf16le_general_ci", "utf32_general_ci", "utf32_bin", "ucs2_general_ci", "sjis_japanese_ci", "sjis_bin", "cp932_japanese_ci",
        "gbk_chinese_ci", "gbk_bin", "big5_chinese_ci", "big5_bin", "gb18030_chinese_ci", "gb18030_unicode_520_ci", "euckr_korean_ci", "ujis_japanese_ci",
    ];

    private static readonly string[] Texts =
    [
        string.Empty, " ", "  ", "\t", "a", "A", "á", "a ", "a  ", "a\t", "a\0", "a\u0301", "\u200d", "a\u200d", "ae", "æ", "z", "Z", "ß", "ss", "SS", "ch", "cz", "ll", "0", "00", "'", "\\",
        "\"", "%", "表", "ソ", "ｿ", "そ", "日本", "能", "\u5c5c", "😀", "😀a", "\ud83d\ude01", "ö", "oe", "я", "Я", "~", "\u00ff", "\u007f",
    ];

    private static readonly string[] Members = ["'b'", "'a'", "''", "'it''s'", "'\\\\'", "'表'", "'ß'", "'x y'", "'1'", "'0'"];

    /// <summary>A random type and the source of its values.</summary>
    public static (string Type, Func<string> Value) Next(Random random)
    {
        switch (random.Next(16))
        {
            case 0 or 1:
                return Integer(random);
            case 2:
                string number = Pick(random, "DECIMAL(5,2)", "DECIMAL(65,30)", "DECIMAL(20,0) UNSIGNED", "DECIMAL(10,5) ZEROFILL");
                return (number, () => Pick(random, "0", "-0.01", "0.01", "1", "-1", "999.99", "-999.99", Small(random), Small(random) + ".5", new string('9', 20), "-" + new string('9', 34) + ".000000000000000000000000000001"));
            case 3:
                return ("YEAR", () => Pick(random, "0", "1901", "1969", "1970", "1999", "2000", "2069", "2155", (1990 + random.Next(40)).ToString(CultureInfo.InvariantCulture)));
            case 4:
                int bits = Pick(random, 1, 7, 8, 9, 33, 63, 64);
                return ($"BIT({bits})", () => Pick(random, "0", "1", "b'10000000'", "b'100000000'", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551614", Positive(random)));
            case 5:
                string approximate = Pick(random, "FLOAT", "DOUBLE", "DOUBLE(20,3)", "FLOAT(8,2)", "DOUBLE UNSIGNED");
                return (approximate, () => Pick(
                    random, "0e0", "-0e0", "0.1e0", "1.1e0", "-1.1e0", "1e-45", "5e-324", "2.2250738585072014e-308", "3.4028234663852886e38", "-3.4028234663852886e38", "1.7976931348623157e308", "16777217e0",
                    "9007199254740993e0", "1e22", Small(random) + "e-1", "1e0/3", "1.0000000000000002e0", random.NextDouble().ToString("R", CultureInfo.InvariantCulture)));
            case 6:
                return ("DATE", () => Pick(random, "'0000-00-00'", "'2024-00-00'", "'2024-02-00'", "'2024-02-31'", "'1000-01-01'", "'9999-12-31'", "'0001-01-01'", $"'2024-{1 + random.Next(12):00}-{1 + random.Next(28):00}'"));
            case 7:
                string moment = Pick(random, "DATETIME", "DATETIME(6)", "DATETIME(3)");
                return (moment, () => Pick(random, "'0000-00-00'", "'9999-12-31 23:59:59.0'", "'1000-01-01'", $"'2024-02-31 00:00:0{random.Next(4)}.{random.Next(3)}'", $"'2024-03-31 0{random.Next(4)}:30:00.00000{random.Next(3)}'"));
            case 8:
                string stamp = Pick(random, "TIMESTAMP", "TIMESTAMP(6)");
                return (stamp, () => Pick(random, "'0000-00-00'", "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", $"'2024-03-31 0{random.Next(4)}:30:00.00000{random.Next(3)}'"));
            case 9:
                string time = Pick(random, "TIME", "TIME(6)", "TIME(1)");
                return (time, () => Pick(random, "'-838:59:59'", "'838:59:59'", "'00:00:00'", "'-00:00:00.5'", "'-00:00:01'", "'00:00:00.000001'", $"'{(random.Next(2) == 0 ? "-" : string.Empty)}{random.Next(30)}:00:0{random.Next(4)}.{random.Next(3)}'"));
            case 10 or 11:
                string collation = Collations[random.Next(Collations.Length)];
                string text = $"{Pick(random, "CHAR(10)", "VARCHAR(20)", "VARCHAR(20)")} CHARACTER SET {collation[..collation.IndexOf('_', StringComparison.Ordinal)]} COLLATE {collation}";
                return (text, () => Hex("_utf8mb4 ", Encoding.UTF8.GetBytes(Text(random))));
            case 12:
                string binary = Pick(random, "BINARY(16)", "BINARY(3)", "VARBINARY(20)");
                return (binary, () => Pick(random, "''", "_binary 0x00", "_binary 0x0000", "_binary 0xFF", "_binary 0x5C", "_binary 0x20", "_binary 0x61", "_binary 0x6100", "_binary 0x6120", Bytes(random)));
            case 13 or 14:
                int members = 1 + random.Next(Members.Length);
                string charset = Pick(random, "utf8mb4", "sjis", "utf8mb4 COLLATE utf8mb4_0900_bin");
                int start = random.Next(Members.Length);
                string list = string.Join(',', Members.Concat(Members).Skip(start).Take(members).Where(m => m[1] != 'ß' || charset != "sjis").DefaultIfEmpty("'a'"));
                return ($"ENUM({list}) CHARACTER SET {charset}", () => random.Next(0, members + 2).ToString(CultureInfo.InvariantCulture));
            default:
                int size = Pick(random, 1, 3, 9, 63, 64);
                int empty = random.Next(2 * size);
                return ($"SET({string.Join(',', Enumerable.Range(0, size).Select(i => i == empty ? "''" : $"'{(char)('A' + (i % 26))}é{i}'"))}) CHARACTER SET utf8mb4", () => Pick(
                    random, "0", "1", "2", "3", "7", "256", "9223372036854775807", "9223372036854775808", "9223372036854775809", "18446744073709551615", "9007199254740992", "9007199254740993", Positive(random)));
        }
    }

    private static (string Type, Func<string> Value) Integer(Random random)
    {
        string type = Pick(random, "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT") + Pick(random, string.Empty, string.Empty, " UNSIGNED", " ZEROFILL");
        return (type, () => Pick(
            random, "0", "-1", "1", "127", "-128", "255", "32767", "65535", "8388607", "-8388608", "2147483647", "-2147483648", "4294967295", "9223372036854775807", "-9223372036854775808",
            "9223372036854775808", "18446744073709551615", "18446744073709551614", Small(random), Small(random), Small(random), Positive(random), Positive(random)));
    }

    private static string Text(Random random) => random.Next(4) switch
    {
        0 => Texts[random.Next(Texts.Length)] + Texts[random.Next(Texts.Length)],
        1 => Positive(random),
        _ => Texts[random.Next(Texts.Length)],
    };

    private static string Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 4)];
        random.NextBytes(bytes);
        return Hex("_binary ", bytes);
    }

    private static string Hex(string introducer, byte[] bytes) => bytes.Length == 0 ? "''" : $"{introducer}0x{Convert.ToHexString(bytes)}";

    private static string Small(Random random) => random.Next(-20, 20).ToString(CultureInfo.InvariantCulture);

    private static string Positive(Random random) => random.Next(120).ToString(CultureInfo.InvariantCulture);

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
