using System.Buffers;
using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>Changes of partial updates on documents built from nothing.</summary>
public sealed class JsonDiffsTests
{
    private const byte Replace = 0, Insert = 1, Remove = 2;

    private static readonly byte[] EmptyObject = [JsonType.SmallObject, 0, 0, 4, 0];
    private static readonly byte[] EmptyArray = [JsonType.SmallArray, 0, 0, 4, 0];

    [Fact]
    public void Members_are_kept_in_the_servers_order()
    {
        byte[] document = EmptyObject;
        foreach (string key in (string[])["bb", "a", "", "ba", "ccc", "b"])
        {
            document = Apply(document, Diff(Insert, $"$.\"{key}\"", Number(1)));
        }

        Assert.Equal("""{"": 1, "a": 1, "b": 1, "ba": 1, "bb": 1, "ccc": 1}""", Text(document));
        Assert.Equal("""{"": 1, "b": 1, "ba": 7, "bb": 1}""", Text(Apply(document, Diff(Remove, "$.a"), Diff(Replace, "$.ba", Number(7)), Diff(Remove, "$.ccc"))));
    }

    [Fact]
    public void Elements_are_inserted_before_the_place_or_at_the_end()
    {
        byte[] array = Apply(EmptyArray, Diff(Insert, "$[5]", Number(1)), Diff(Insert, "$[0]", Number(2)), Diff(Insert, "$[1]", Number(3)), Diff(Insert, "$[last]", EmptyObject), Diff(Insert, "$[2].k", Number(9)));
        Assert.Equal("""[2, 3, {"k": 9}, 1]""", Text(array));
        Assert.Equal("""[3, {"k": "x"}, 1, 4]""", Text(Apply(array, Diff(Replace, "$[last-1].k", [JsonType.String, 1, (byte)'x']), Diff(Insert, "$[4]", Number(4)), Diff(Remove, "$[0]"))));
    }

    [Fact]
    public void Documents_grow_into_the_large_form_and_shrink_again()
    {
        byte[] text = [JsonType.String, 0xC0, 0xB8, 0x02, .. Encoding.ASCII.GetBytes(new string('x', 40_000))];
        byte[] document = Apply(EmptyObject, Diff(Insert, "$.a", EmptyArray), Diff(Insert, "$.a[0]", text), Diff(Insert, "$.n", [JsonType.Int32, 0xFF, 0xFF, 0xFF, 0x7F]));
        Assert.Equal(JsonType.SmallObject, document[0]);
        byte[] large = Apply(document, Diff(Insert, "$.a[1]", text), Diff(Insert, "$.b", EmptyObject), Diff(Insert, "$.b.c", Number(1)));
        Assert.Equal(JsonType.LargeObject, large[0]);
        string x = new('x', 40_000);
        Assert.Equal($$$"""{"a": ["{{{x}}}", "{{{x}}}"], "b": {"c": 1}, "n": 2147483647}""", Text(large));
        byte[] small = Apply(large, Diff(Remove, "$.a"));
        Assert.Equal(JsonType.SmallObject, small[0]);
        Assert.Equal("""{"b": {"c": 1}, "n": 2147483647}""", Text(small));
        Assert.Equal("5", Text(Apply(large, Diff(Replace, "$", Number(5)))));
    }

    [Theory]
    [InlineData("""$."a.b"[0]."q\"\\\u0041\t\ud83d\ude00/".$x[last-2]""", "a.b|0|q\"\\A\t😀/|$x|-2")]
    [InlineData("$", "")]
    [InlineData("$.\"\".ключ[4294967295]", "|ключ|4294967295")]
    public void Paths_are_read(string path, string legs) => Assert.Equal(
        legs,
        string.Join('|', JsonPathReader.Read(Encoding.UTF8.GetBytes(path)).Select(static l => l.Key is null ? (l.IsFromEnd ? "-" : "") + l.Index.ToString(CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(l.Key))));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("$x")]
    [InlineData("$.")]
    [InlineData("$.\"a")]
    [InlineData("$.\"\\x\"")]
    [InlineData("$.\"\\ud83dx\"")]
    [InlineData("$[")]
    [InlineData("$[x]")]
    [InlineData("$[last+1]")]
    [InlineData("$[99999999999]")]
    public void Malformed_paths_are_refused(string path) => Assert.Throws<MySqlProtocolException>(() => JsonPathReader.Read(Encoding.UTF8.GetBytes(path)));

    [Fact]
    public void Changes_that_do_not_fit_the_document_are_refused()
    {
        byte[] document = Apply(EmptyObject, Diff(Insert, "$.a", Number(1)), Diff(Insert, "$.l", EmptyArray));
        foreach (byte[] diff in (byte[][])
            [
                Diff(Insert, "$.a", Number(2)), Diff(Replace, "$.b", Number(2)), Diff(Remove, "$.b"), Diff(Remove, "$"), Diff(Insert, "$", Number(1)), Diff(Replace, "$.l[0]", Number(1)), Diff(Insert, "$[0]", Number(1)),
                Diff(Insert, "$.l.k", Number(1)), Diff(Replace, "$.a.b", Number(1)), Diff(9, "$.a", Number(1)), [Replace, 3, .. "$.a"u8], [Replace, 3, .. "$.a"u8, 0], [Replace, 200], [Remove, 251, 0], [Replace, 3, .. "$.a"u8, 1, 0x20],
            ])
        {
            Assert.Throws<MySqlProtocolException>(() => Apply(document, diff));
        }

        Assert.Throws<MySqlProtocolException>(() => Apply([], Diff(Insert, "$.a", Number(1))));
        Assert.Equal(document, Apply(document));
    }

    [Fact]
    public void Containers_whose_elements_overlap_are_refused()
    {
        // Three elements that are one and the same string of 20 bytes.
        byte[] shared = [JsonType.SmallArray, 3, 0, 34, 0, JsonType.String, 13, 0, JsonType.String, 13, 0, JsonType.String, 13, 0, 20, .. Encoding.ASCII.GetBytes(new string('x', 20))];
        Assert.Contains("overlap", Assert.Throws<MySqlProtocolException>(() => Apply(shared, Diff(Remove, "$[0]"))).Message, StringComparison.Ordinal);
    }

    private static byte[] Apply(byte[] document, params byte[][] diffs)
    {
        ArrayBufferWriter<byte> output = new();
        JsonDiffs.Apply(document, diffs.SelectMany(static d => d).ToArray(), output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Diff(byte operation, string path, byte[]? value = null)
    {
        byte[] text = Encoding.UTF8.GetBytes(path);
        byte[] length = value is null ? [] : [253, (byte)value.Length, (byte)(value.Length >> 8), (byte)(value.Length >> 16)];
        return [operation, (byte)text.Length, .. text, .. length, .. value ?? []];
    }

    private static byte[] Number(short value) => [JsonType.Int16, (byte)value, (byte)(value >> 8)];

    private static string Text(byte[] document)
    {
        ArrayBufferWriter<byte> output = new();
        BinlogJson.WriteText(document, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
