using System.Globalization;

namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>SQL expressions of JSON documents: every type, sizes on both sides of each encoding's limit.</summary>
internal static class JsonValues
{
    public static string[] All { get; } =
    [
        "'null'", "'true'", "'false'", "'0'", "'-1'", "'32767'", "'32768'", "'-32769'", "'65535'", "'65536'", "'2147483647'", "'2147483648'", "'-2147483649'",
        "'4294967295'", "'4294967296'", "'9223372036854775807'", "'9223372036854775808'", "'18446744073709551615'", "'-9223372036854775808'",
        "'18446744073709551616'", "'1.0'", "'-0.0'", "'1.5'", "'0.1'", "'1e15'", "'1e16'", "'1e20'", "'1e-14'", "'1e-15'", "'1e-16'", "'123456789012345.6'", "'1234567890123456.7'",
        "'12345678901234567'", "'1.7976931348623157e308'", "'5e-324'", "'2.2250738585072014e-308'", "'1e100'", "'1.5e-10'", "'100000000000000000000.5'",
        "'123456789012345680000'", "'1e22'", "'1.2345e25'", "'0.00001'", "'0.000000000000012345'",
        "'\"\"'", "'\"text\"'", """'"q\\" b\\\\ s\\/ \\b\\f\\n\\r\\t \\u0000 \\u001f \\u007f ä € 😀"'""",
        "JSON_QUOTE(REPEAT('x', 127))", "JSON_QUOTE(REPEAT('x', 128))", "JSON_QUOTE(REPEAT('ä', 20000))",
        "'[]'", "'{}'", "'[1, \"a\", null, true, [2, [3]], {\"k\": {}}]'",
        """'{"b": 1, "a": 2, "ccc": 3, "": 4, "ä": 5, "aa": {"x": [1,2,3]}, "k\\"ey\\n": 1.5, "n": null}'""",
        "JSON_ARRAY(1.10, CAST('12345678901234567890123456789012345.123456789012345678901234567890' AS DECIMAL(65,30)), -0.5, CAST(0 AS DECIMAL(3,2)), CAST(5 AS DECIMAL(10,0)))",
        "JSON_OBJECT('d', CAST('2024-02-29' AS DATE), 't', CAST('-838:59:59' AS TIME), 't6', CAST('-00:00:00.000001' AS TIME(6)), 'dt', CAST('2024-01-02 03:04:05.678901' AS DATETIME(6)), 'dt0', CAST('9999-12-31 23:59:59' AS DATETIME))",
        "JSON_OBJECT('ts', TIMESTAMP'2024-01-02 03:04:05', 'now', FROM_UNIXTIME(1700000000.25))",
        "JSON_ARRAY(b'101', 0xDEADBEEF, CAST(REPEAT('x', 57) AS BINARY), CAST(REPEAT('x', 58) AS BINARY), CAST(REPEAT('xyz', 1000) AS BINARY), CAST('' AS BINARY))",
        "CAST(CAST('1.50' AS DECIMAL(5,2)) AS JSON)", "CAST(CAST('2024-02-29' AS DATE) AS JSON)", "CAST(CAST('10:11:12.5' AS TIME(1)) AS JSON)", "CAST(_binary'raw' AS JSON)",
        "CAST(ST_GeomFromText('POINT(1.5 -2)') AS JSON)",
        $"JSON_OBJECT('year', CAST(2024 AS YEAR), 'bit', b'1')",
        Array(3000), Array(20000), Object(1500), Nested(100), "CONCAT('[', REPEAT('70000,', 12000), '40000]')", "CONCAT('[\"', REPEAT('x', 65600), '\", 1, 65535, -32768, 65536, 2147483647, -2147483648, 4294967295, 1.5, true, null, [1,70000], {\"a\": 100000}]')",
    ];

    /// <summary>Documents whose types their text does not show; the columns are those of <see cref="TypedColumns"/>.</summary>
    public static string[] Typed { get; } =
    [
        "JSON_OBJECT('bit', bit9, 'bits', bit64, 'bin', bin3, 'vb', vb5, 'blob', bl, 'mb', REPEAT(_binary'm', 70000), 'lb', lb)",
        "JSON_OBJECT('ts', ts, 'd', d, 't', t, 'dt', dt, 'dec', dec1, 'u', u, 'y', y, 'f', f, 'plain', JSON_ARRAY(1, 'x', NULL, JSON_OBJECT('a', 1.5e0)))",
        "CAST(dec1 AS JSON)", "CAST(ts AS JSON)", "CAST(u AS JSON)", "CAST(bit9 AS JSON)", "CAST(bl AS JSON)", "CAST(f AS JSON)", "CAST(t AS JSON)", "CAST(18446744073709551615 AS JSON)",
        "JSON_ARRAY(CAST(0 AS DECIMAL(3,2)), CAST(0.5 AS DECIMAL(65,30)), CAST(-5 AS DECIMAL(10,0)), CAST(1000000000 AS DECIMAL(10,0)), 1.10, 123456789.123456789, 0.000000001)",
        "JSON_ARRAY(0.1e0 + 0.2e0, 1e300, 5e-324, -0e0, 1e22, 1e15, 123456.789e0)",
        "JSON_ARRAY(JSON_ARRAY(JSON_ARRAY(JSON_OBJECT('ä\"', dec1, '', d))))",
        "JSON_ARRAY(TIME'31:59:59', TIME'-32:00:00', TIME'100:00:00.5', TIME'-799:59:59', TIME'800:00:00', TIME'831:00:00.000001', TIME'832:00:00')",
    ];

    /// <summary>The same for servers before 8.0.4, without what they cannot make again (TIMESTAMP, BINARY, YEAR) and with what only they make (VAR_STRING).</summary>
    public static string[] TypedBeforeJsonTable { get; } =
    [
        "JSON_OBJECT('bit', bit9, 'bits', bit64, 'vb', vb5, 'blob', bl, 'mb', REPEAT(_binary'm', 70000), 'lb', lb, 'hex', 0xDEADBEEF, 'cast', CAST('ab' AS BINARY), 'func', UNHEX('00FF'), 'long', REPEAT(_binary'x', 65535), 'none', _binary'')",
        "JSON_OBJECT('d', d, 't', t, 'dt', dt, 'dec', dec1, 'u', u, 'f', f, 'plain', JSON_ARRAY(1, 'x', NULL, JSON_OBJECT('a', 1.5e0)))",
        .. Typed[2..].Where(static v => v != "CAST(ts AS JSON)"),
    ];

    /// <summary>Columns with one row each for <see cref="Typed"/>.</summary>
    public const string TypedColumns =
        "(ts TIMESTAMP(3) NULL, d DATE, t TIME(6), dt DATETIME(6), y YEAR, bit9 BIT(9), bit64 BIT(64), bin3 BINARY(3), vb5 VARBINARY(5), bl BLOB, lb LONGBLOB, dec1 DECIMAL(30,10), u INT UNSIGNED, f FLOAT)";

    /// <summary>Numbers of every magnitude, for the text of DOUBLE in JSON.</summary>
    public static IEnumerable<string> Doubles(int count)
    {
        Random random = new(20240506);
        for (int i = 0; i < count; i++)
        {
            double value = i % 2 == 0
                ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
                : Math.Round(random.NextDouble() * Math.Pow(10, random.Next(0, 20)), random.Next(0, 6));
            if (double.IsFinite(value))
            {
                yield return value.ToString("E16", CultureInfo.InvariantCulture);
            }
        }
    }

    private static string Array(int count) => $"'[{string.Join(',', Enumerable.Range(0, count))}]'";

    private static string Object(int count) => $"'{{{string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"key{i}\": \"value {i}\""))}}}'";

    private static string Nested(int depth) => $"'{new string('[', depth)}{new string(']', depth)}'";
}
