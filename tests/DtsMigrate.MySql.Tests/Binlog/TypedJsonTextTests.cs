using System.Buffers;
using System.Text;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Tests.Binlog;

public sealed class TypedJsonTextTests
{
    [Fact]
    public void Members_and_elements_are_numbered_container_by_container()
    {
        // Members: a=1, b=2, x=3. Elements: {..}=1, 2.5=2, 7=3.
        string sql = Write("""{"a": [{"x": 1.50}, 2.5], "b": [7]}""", [new(3, JsonNodeKind.Decimal)], [new(3, JsonNodeKind.UnsignedInteger)]);

        Assert.Equal(
            $"JSON_OBJECT(_utf8mb4 X'61', JSON_ARRAY(JSON_OBJECT(_utf8mb4 X'78', 1.50), CAST(_utf8mb4 X'{Hex("2.5")}' AS JSON)), _utf8mb4 X'62', JSON_ARRAY(CAST(7 AS UNSIGNED)))",
            sql);
    }

    [Fact]
    public void Containers_without_marked_nodes_are_embedded_as_text() =>
        Assert.Equal(
            $"JSON_ARRAY(CAST(_utf8mb4 X'{Hex("""{"k": [1, {"l": 2}]}""")}' AS JSON), 5., JSON_ARRAY(0.1e0))",
            Write("""[{"k": [1, {"l": 2}]}, 5, [0.1]]""", [], [new(2, JsonNodeKind.Decimal), new(6, JsonNodeKind.Double)]));

    [Theory]
    [InlineData("\"2024-02-31\"", JsonNodeKind.Date, "CAST(CAST('2024-02-31' AS DATE) AS JSON)")]
    [InlineData("\"-31:59:59.000001\"", JsonNodeKind.Time, "CAST(CAST('-31:59:59.000001' AS TIME(6)) AS JSON)")]
    [InlineData("\"-838:59:59.000001\"", JsonNodeKind.Time, "CAST(CAST(IF(LOCATE('32', JSON_ARRAY(CAST('32:00:00' AS TIME))), '-838:59:59.000001', 'a TIME of so many hours cannot be put into JSON') AS TIME(6)) AS JSON)")]
    [InlineData("\"630:59:59.5\"", JsonNodeKind.Time, "CAST(CAST(IF(LOCATE('32', JSON_ARRAY(CAST('32:00:00' AS TIME))), '630:59:59.5', '830:59:59.5') AS TIME(6)) AS JSON)")]
    [InlineData("\"-48:00:00.000000\"", JsonNodeKind.Time, "CAST(CAST(IF(LOCATE('32', JSON_ARRAY(CAST('32:00:00' AS TIME))), '-48:00:00.000000', '-64:00:00.000000') AS TIME(6)) AS JSON)")]
    [InlineData("\"0000-00-00 00:00:00.000000\"", JsonNodeKind.DateTime, "CAST(CAST('0000-00-00 00:00:00.000000' AS DATETIME(6)) AS JSON)")]
    [InlineData("\"base64:type15:YWJj\"", JsonNodeKind.Blob, "CAST(_binary X'616263' AS JSON)")]
    [InlineData("\"base64:type15:YW\\nJj\"", JsonNodeKind.Blob, "CAST(_binary X'616263' AS JSON)")]
    [InlineData("1e20", JsonNodeKind.Double, "CAST(1e20 AS JSON)")]
    [InlineData("-0.50", JsonNodeKind.Decimal, "CAST(-0.50 AS JSON)")]
    public void A_scalar_gets_its_type(string text, JsonNodeKind kind, string expected) =>
        Assert.Equal(expected, Write(text, [new(0, kind)], []));

    [Theory]
    [InlineData("\"'); DROP TABLE t; --\"", JsonNodeKind.Date)]
    [InlineData("\"text\"", JsonNodeKind.Blob)]
    [InlineData("\"base64:type999:YWJj\"", JsonNodeKind.Blob)]
    [InlineData("\"base64:type15:%\"", JsonNodeKind.Opaque)]
    [InlineData("\"1.0\"", JsonNodeKind.Decimal)]
    [InlineData("1", JsonNodeKind.Date)]
    [InlineData("1", JsonNodeKind.Unknown)]
    [InlineData("[1]", JsonNodeKind.Decimal)]
    [InlineData("{\"a\": 1}", JsonNodeKind.Decimal)]
    [InlineData("{\"a\"", JsonNodeKind.Decimal)]
    public void Marks_that_do_not_fit_the_text_are_errors(string text, JsonNodeKind kind) =>
        Assert.Equal("JsonTypesNotCarried", Assert.Throws<DtsMigrateException>(() => Write(text, [new(0, kind)], [])).Code);

    [Fact]
    public void A_mark_beyond_the_last_node_is_an_error() =>
        Assert.Equal("JsonTypesNotCarried", Assert.Throws<DtsMigrateException>(() => Write("[1.0]", [], [new(1, JsonNodeKind.Decimal), new(2, JsonNodeKind.Decimal)])).Code);

    [Fact]
    public void The_same_mark_twice_is_an_error() =>
        Assert.Equal("JsonTypesNotCarried", Assert.Throws<DtsMigrateException>(() => Write("[1.0]", [], [new(1, JsonNodeKind.Decimal), new(1, JsonNodeKind.Double)])).Code);

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static string Write(string text, JsonNodeMark[] members, JsonNodeMark[] elements)
    {
        var output = new ArrayBufferWriter<byte>();
        TypedJsonText.WriteExpression(Encoding.UTF8.GetBytes(text), members, elements, new ServerVersion(9, 7, 4, "9.7.4"), output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
