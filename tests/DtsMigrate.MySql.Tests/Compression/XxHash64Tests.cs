using System.Text;
using DtsMigrate.MySql.Compression;

namespace DtsMigrate.MySql.Tests.Compression;

public sealed class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Digest_is_that_of_the_reference(string text, ulong expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        var hash = new XxHash64();
        hash.Append(bytes);
        Assert.Equal(expected, hash.Digest());
    }

    [Fact]
    public void Pieces_give_the_digest_of_the_whole()
    {
        byte[] bytes = SampleContent.Create("random", 1000);
        var whole = new XxHash64();
        whole.Append(bytes);
        var random = new Random(1);
        var pieces = new XxHash64();
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(random.Next(70), bytes.Length - at);
            pieces.Append(bytes.AsSpan(at, length));
            at += length;
        }

        Assert.Equal(whole.Digest(), pieces.Digest());
    }
}
