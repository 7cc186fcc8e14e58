using System.Text;
using DtsMigrate.Engine.Replication.Ddl;

namespace DtsMigrate.Engine.Tests.Replication.Ddl;

public sealed class StatementEncodingTests
{
    [Theory]
    [InlineData("gbk", 936, new byte[] { 0xD5, 0x5C, 0x81, 0x60, 0x27 }, 3)]
    [InlineData("sjis", 932, new byte[] { 0x95, 0x5C, 0x83, 0x60, 0xB1, 0x27 }, 4)]
    [InlineData("big5", 950, new byte[] { 0xA5, 0x5C, 0xB3, 0x5C, 0x27 }, 3)]
    [InlineData("gb18030", 54936, new byte[] { 0x81, 0x30, 0x89, 0x38, 0xD5, 0x5C, 0x27 }, 3)]
    [InlineData("utf8mb4", 0, new byte[] { 0xF0, 0x9F, 0x98, 0x80, 0xC3, 0xA9, 0x27 }, 4)]
    public void A_second_byte_is_no_character_of_its_own(string charset, int page, byte[] bytes, int characters)
    {
        var encoding = StatementEncoding.Of(charset, page)!;
        string text = encoding.Decode(bytes);
        Assert.Equal(characters, text.Length);
        Assert.DoesNotContain('\\', text);
        Assert.DoesNotContain('`', text);
        Assert.False(StatementEncoding.HasRawBytes(text));
        Assert.Equal(bytes, encoding.Encode(text));
    }

    [Theory]
    [InlineData("utf8mb4", 0, new byte[] { 0xFF, 0x27, 0xC3 }, "<FF>'<C3>")]
    [InlineData("gbk", 936, new byte[] { 0xDF, 0x27, 0x5C }, "<DF>'\\")]
    [InlineData("sjis", 932, new byte[] { 0xED, 0x5C, 0x27 }, "<ED><5C>'")]
    [InlineData("hp8", StatementEncoding.Ascii, new byte[] { 0x61, 0xE9 }, "a<E9>")]
    public void Bytes_that_are_no_characters_come_back(string charset, int page, byte[] bytes, string expected)
    {
        var encoding = StatementEncoding.Of(charset, page)!;
        string text = encoding.Decode(bytes);
        Assert.Equal(expected, string.Concat(text.Select(c => c is >= '\uDC00' and <= '\uDCFF' ? $"<{(int)c & 255:X2}>" : c.ToString())));
        Assert.True(StatementEncoding.HasRawBytes(text));
        Assert.Equal(bytes, encoding.Encode(text));
    }

    [Fact]
    public void All_bytes_in_all_character_sets_come_back()
    {
        var random = new Random(5);
        byte[] bytes = new byte[20_000];
        foreach (var (charset, page) in new[] { ("utf8mb4", 0), ("gbk", 936), ("big5", 950), ("sjis", 932), ("cp932", 932), ("gb18030", 54936), ("euckr", 51949), ("ujis", 51932), ("gb2312", 936), ("latin1", 1252), ("koi8r", 20866) })
        {
            random.NextBytes(bytes);
            var encoding = StatementEncoding.Of(charset, page)!;
            Assert.Equal(bytes, encoding.Encode(encoding.Decode(bytes)));
        }
    }

    [Fact]
    public void A_character_that_the_set_does_not_have_is_refused()
    {
        Assert.Null(StatementEncoding.Of("gbk", 936)!.Encode("a\u00e9\U0001F600"));
        Assert.Null(StatementEncoding.Of("latin1", 1252)!.Encode("\u8868"));
        Assert.False(StatementEncoding.HasRawBytes("\U0001F600"));
        Assert.Equal("\U0001F600", Encoding.UTF8.GetString(StatementEncoding.Of("utf8mb4", 0)!.Encode("\U0001F600")!));
    }
}
