namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>A column type, values for it, and how to ask the server for what it keeps.</summary>
/// <param name="Type">Column type as in CREATE TABLE.</param>
/// <param name="Expression">SQL expression of the column <c>v</c> that gives the bytes our decoder must write.</param>
/// <param name="Values">SQL expressions to insert.</param>
internal sealed record ColumnCase(string Type, string Expression, string[] Values)
{
    private const string AsText = "CAST(v AS CHAR)";
    private const string AsBytes = "v";
    private const string AsNumber = "CAST(v|0 AS CHAR)";

    // The server's own text of a FLOAT or DOUBLE is cut at 22 characters or loses the sign of zero; a point keeps the bits.
    private const string AsBits = "POINT(v, 0)";

    /// <summary>The cases that a server of this version knows.</summary>
    public static IEnumerable<ColumnCase> For(Version version) => All().Where(c => version.Major >= 9 || !c.Type.StartsWith("VECTOR", StringComparison.Ordinal));

    private static IEnumerable<ColumnCase> All()
    {
        yield return new("TINYINT", AsText, ["-128", "-1", "0", "127", "NULL"]);
        yield return new("TINYINT UNSIGNED", AsText, ["0", "128", "255"]);
        yield return new("SMALLINT", AsText, ["-32768", "32767"]);
        yield return new("SMALLINT UNSIGNED", AsText, ["65535"]);
        yield return new("MEDIUMINT", AsText, ["-8388608", "-1", "8388607"]);
        yield return new("MEDIUMINT UNSIGNED", AsText, ["8388608", "16777215"]);
        yield return new("INT", AsText, ["-2147483648", "2147483647"]);
        yield return new("INT UNSIGNED ZEROFILL", AsNumber, ["0", "4294967295"]);
        yield return new("BIGINT", AsText, ["-9223372036854775808", "9223372036854775807"]);
        yield return new("BIGINT UNSIGNED", AsText, ["9223372036854775808", "18446744073709551615"]);
        yield return new("BIT(1)", AsNumber, ["0", "1"]);
        yield return new("BIT(13)", AsNumber, ["0", "8191", "256"]);
        yield return new("BIT(64)", AsNumber, ["0", "18446744073709551615", "9223372036854775808", "1"]);
        yield return new("YEAR", AsText, ["0", "1901", "2155", "'2024'", "NULL"]);
        yield return new("DECIMAL(65,30)", AsText, ["0", "'12345678901234567890123456789012345.123456789012345678901234567890'", "'-99999999999999999999999999999999999.999999999999999999999999999999'", "'-0.000000000000000000000000000001'", "1", "'-1000000000'"]);
        yield return new("DECIMAL(10,0)", AsText, ["-1", "9999999999", "0", "100"]);
        yield return new("DECIMAL(5,5)", AsText, ["0.00001", "-0.99999", "0"]);
        yield return new("DECIMAL(18,9)", AsText, ["123456789.987654321", "-0.000000001"]);
        yield return new("DECIMAL(1,0) UNSIGNED", AsText, ["9", "0"]);
        yield return new("FLOAT", AsBits, ["0", "0.1", "-0e0", "3.4028234663852886e38", "1.401298464324817e-45", "16777217", "123456.789", "-1e-30", "NULL"]);
        yield return new("FLOAT(7,3)", AsBits, ["1234.567", "-0.001"]);
        yield return new("DOUBLE", AsBits, ["0", "0.1", "-0e0", "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "1e15", "1e16", "123456789012345680", "-1.5", "1e22", "9007199254740993"]);
        yield return new("DATE", AsText, ["'0000-00-00'", "'2024-00-00'", "'2024-02-00'", "'9999-12-31'", "'1000-01-01'", "'2023-02-31'", "'0001-01-01'"]);
        foreach (int digits in (int[])[0, 1, 2, 3, 4, 5, 6])
        {
            yield return new($"TIME({digits})", AsText, ["'00:00:00'", "'-00:00:00.5'", "'-838:59:59.000000'", "'838:59:59.000000'", "'838:59:58.999999'", "'-838:59:58.999999'", "'-00:00:01'", "'-00:00:00.000001'", "'-01:02:03.456789'", "'23:59:59.999999'", "'-100:00:00.1'", "'00:00:00.123456'"]);
            yield return new($"DATETIME({digits})", AsText, ["'0000-00-00 00:00:00'", "'2024-00-00 00:00:00'", "'9999-12-31 23:59:59'", "'1000-01-01 00:00:00.999999'", "'2024-05-06 07:08:09.123456'", "'2023-02-31 01:02:03.000001'", "'0000-01-01 00:00:00'"]);
            yield return new($"TIMESTAMP({digits}) NULL", AsText, ["'0000-00-00 00:00:00'", "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'2024-05-06 07:08:09.123456'", "NULL"]);
        }

        yield return new("CHAR(10) CHARACTER SET utf8mb4", AsBytes, ["''", "'abc  '", "'  x'", "'äöü€😀'"]);
        yield return new("CHAR(255) CHARACTER SET utf8mb4", AsBytes, ["''", "REPEAT('😀', 255)", "'x'"]);
        yield return new("CHAR(100) CHARACTER SET utf8mb4", AsBytes, ["'x'", "REPEAT('€', 100)"]);
        yield return new("CHAR(20) CHARACTER SET latin1", AsBytes, ["_latin1 0xE4F6FC", "''"]);
        yield return new("CHAR(10) CHARACTER SET ucs2", AsBytes, ["'ab'", "'a '", "''"]);
        yield return new("BINARY(5)", AsBytes, ["0x0000000000", "0x01", "0x0100000001", "0x20", "''"]);
        yield return new("BINARY(255)", AsBytes, ["''", "0xFF"]);
        yield return new("VARCHAR(255) CHARACTER SET latin1", AsBytes, ["'a '", "''", "REPEAT('x', 255)"]);
        yield return new("VARCHAR(300) CHARACTER SET sjis", AsBytes, ["_sjis 0x955C", "''"]);
        yield return new("VARCHAR(5000) CHARACTER SET utf8mb4", AsBytes, ["REPEAT('é', 5000)", "''"]);
        yield return new("VARBINARY(300)", AsBytes, ["0x00", "0x0000FF00", "''"]);
        yield return new("TINYBLOB", AsBytes, ["''", "REPEAT('x', 255)", "0x00"]);
        yield return new("BLOB", AsBytes, ["REPEAT('y', 65535)", "NULL"]);
        yield return new("MEDIUMBLOB", AsBytes, ["REPEAT('z', 70000)", "''"]);
        yield return new("LONGBLOB", AsBytes, ["REPEAT('z', 70000)"]);
        yield return new("TINYTEXT CHARACTER SET utf8mb4", AsBytes, ["'ä'"]);
        yield return new("TEXT CHARACTER SET cp1251", AsBytes, ["_cp1251 0x98FF"]);
        yield return new("LONGTEXT CHARACTER SET utf16", AsBytes, ["'text'"]);
        yield return new("ENUM('a','b','ä','')", AsNumber, ["'a'", "'b'", "'ä'", "''", "'not a member'", "NULL"]);
        yield return new(Members("ENUM", 300), AsNumber, ["1", "255", "256", "300", "0"]);
        yield return new("SET('a','b','c')", AsNumber, ["0", "5", "7", "''"]);
        yield return new(Members("SET", 9), AsNumber, ["0", "511", "256"]);
        yield return new(Members("SET", 20), AsNumber, ["0", "1048575", "65536"]);
        yield return new(Members("SET", 40), AsNumber, ["0", "1099511627775"]);
        yield return new(Members("SET", 64), AsNumber, ["0", "9223372036854775808", "18446744073709551615"]);
        yield return new("GEOMETRY", AsBytes, ["ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))', 4326)", "ST_GeomFromText('GEOMETRYCOLLECTION EMPTY')", "NULL"]);
        yield return new("POINT SRID 0", AsBytes, ["POINT(-0e0, 1e300)"]);
        yield return new("VECTOR(3)", AsBytes, ["TO_VECTOR('[1,-2.5,3e10]')", "NULL"]);
        yield return new("VECTOR", AsBytes, ["TO_VECTOR('[0.1]')"]);
        yield return new("JSON", AsText, JsonValues.All);
        yield return new("INT GENERATED ALWAYS AS (id * 2) VIRTUAL", AsText, ["DEFAULT"]);
        yield return new("INT INVISIBLE DEFAULT 7", AsText, ["8"]);
    }

    /// <summary>True when the decoded text is compared as a number, bit for bit.</summary>
    public bool IsFloatingPoint => Expression == AsBits;

    private static string Members(string kind, int count) => $"{kind}({string.Join(',', Enumerable.Range(1, count).Select(static i => $"'m{i}'"))})";
}
