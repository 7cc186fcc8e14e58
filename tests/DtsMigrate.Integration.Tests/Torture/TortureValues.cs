using System.Globalization;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>Random values as SQL literals: mostly ordinary ones, the edges of each type now and then.</summary>
internal static class TortureValues
{
    private static readonly string[] Words = ["", "a", "A", "ä", "á ", "ß", "ss", "Straße", "客户", "😀", "o''clock", "back\\\\slash", "tab\\tline\\n", "x ", "X"];

    public static Func<Random, string> Integer(long low, long high) => random => random.Next(12) switch
    {
        0 => low.ToString(CultureInfo.InvariantCulture),
        1 => high.ToString(CultureInfo.InvariantCulture),
        2 => "0",
        _ => random.NextInt64(low, high).ToString(CultureInfo.InvariantCulture),
    };

    public static Func<Random, string> Key(int range) => random => random.Next(1, range).ToString(CultureInfo.InvariantCulture);

    public static Func<Random, string> Pick(params string[] values) => random => values[random.Next(values.Length)];

    public static Func<Random, string> OrNull(Func<Random, string> draw) => random => random.Next(5) == 0 ? "NULL" : draw(random);

    public static string Decimal(Random random) => string.Create(CultureInfo.InvariantCulture, $"{random.NextInt64(-999_999_999_999, 999_999_999_999)}.{random.Next(0, 999_999_999)}");

    public static string Float(Random random) => random.Next(8) switch
    {
        0 => "-0e0",
        1 => "3.4028234e38",
        2 => "1.1754944e-38",
        3 => "16777217",
        _ => (random.NextDouble() * Math.Pow(10, random.Next(-10, 10))).ToString("R", CultureInfo.InvariantCulture),
    };

    public static string Double(Random random) => random.Next(8) switch
    {
        0 => "-0e0",
        1 => "1.7976931348623157e308",
        2 => "2.2250738585072014e-308",
        3 => "0.1e0+0.2e0",
        _ => ((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30))).ToString("R", CultureInfo.InvariantCulture),
    };

    public static string Date(Random random) => random.Next(8) switch
    {
        0 => "'0000-00-00'",
        1 => "'2024-00-00'",
        2 => "'9999-12-31'",
        _ => $"'{new DateTime(1970, 1, 1).AddDays(random.Next(0, 30000)):yyyy-MM-dd}'",
    };

    public static string Time(Random random) => random.Next(6) switch
    {
        0 => "'-838:59:59'",
        1 => "'838:59:59'",
        _ => string.Create(CultureInfo.InvariantCulture, $"'{random.Next(-200, 200)}:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1_000_000):000000}'"),
    };

    public static string DateTimeText(Random random) =>
        random.Next(9) == 0 ? "'0000-00-00 00:00:00'" : $"'{new DateTime(1971, 1, 1).AddSeconds(random.NextInt64(0, 2_000_000_000)):yyyy-MM-dd HH:mm:ss}.{random.Next(1_000_000):000000}'";

    public static string Timestamp(Random random) =>
        random.Next(5) == 0 ? "NOW(6)" : $"'{new DateTime(1971, 1, 1).AddSeconds(random.NextInt64(0, 2_000_000_000)):yyyy-MM-dd HH:mm:ss}.{random.Next(1_000_000):000000}'";

    public static Func<Random, string> Text(int longest) => random =>
    {
        string word = Words[random.Next(Words.Length)];
        return random.Next(3) == 0 ? $"LEFT(REPEAT('{word}{random.Next(10)}',{random.Next(1, longest)}),{longest})" : $"CONCAT('{word}',{random.Next(1000)})";
    };

    public static Func<Random, string> Latin(int longest) => random =>
        random.Next(2) == 0 ? $"LEFT(REPEAT('é{(char)('a' + random.Next(26))}',{random.Next(1, longest)}),{longest})" : $"'Z{random.Next(2000)}'";

    public static Func<Random, string> Bytes(int longest) => random =>
    {
        if (random.Next(6) == 0)
        {
            return random.Next(2) == 0 ? "''" : "X'00'";
        }

        byte[] bytes = new byte[random.Next(1, longest + 1)];
        random.NextBytes(bytes);
        return $"X'{Convert.ToHexString(bytes)}'";
    };

    public static string Json(Random random) => random.Next(8) switch
    {
        0 => "JSON_OBJECT('k',CAST('2020-01-02 03:04:05.678' AS DATETIME(3)),'d',CAST(1.50 AS DECIMAL(10,2)))",
        1 => "'[]'",
        2 => "'null'",
        3 => "CAST('\"text \\\\u00e9 \\\\n\"' AS JSON)",
        4 => $"JSON_ARRAY({random.Next()},-1.5e10,TRUE,NULL,REPEAT('j',{random.Next(300)}))",
        _ => $"JSON_OBJECT('a',{random.Next()},'b',JSON_ARRAY({random.Next(9)},'x'),'{(char)('c' + random.Next(20))}',REPEAT('v',{random.Next(50)}))",
    };

    public static string Geometry(Random random) => random.Next(3) == 0
        ? $"ST_GeomFromText('LINESTRING(0 0,{random.Next(90)} {random.Next(90)},5 5)')"
        : $"ST_GeomFromText('POINT({random.Next(-80, 80)} {random.Next(-80, 80)})',{(random.Next(2) == 0 ? 4326 : 0)})";
}
