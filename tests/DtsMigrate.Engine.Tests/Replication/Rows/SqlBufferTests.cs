using System.Text;
using DtsMigrate.Engine.Replication.Rows;
using FsCheck;
using FsCheck.Fluent;

namespace DtsMigrate.Engine.Tests.Replication.Rows;

public sealed class SqlBufferTests
{
    [Fact]
    public void Quoted_bytes_read_back_as_they_were() =>
        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
        {
            using var buffer = new SqlBuffer();
            buffer.WriteQuoted(bytes);
            Assert.Equal(bytes, Unquote(buffer.Span));
        }));

    [Fact]
    public void Padding_is_zero_bytes_inside_the_quotes()
    {
        using var buffer = new SqlBuffer();
        buffer.WriteQuoted("ab"u8, 2);
        Assert.Equal("'ab\\0\\0'", Encoding.ASCII.GetString(buffer.Span));
    }

    [Fact]
    public void Hex_numbers_and_names_are_written_plainly()
    {
        using var buffer = new SqlBuffer();
        buffer.WriteHex([0x00, 0xAB, 0xFF]);
        buffer.WriteNumber(long.MinValue);
        buffer.Write("`é`");
        Assert.Equal("0x00ABFF-9223372036854775808`é`", Encoding.UTF8.GetString(buffer.Span));
    }

    [Fact]
    public void It_grows_truncates_and_gives_large_arrays_back()
    {
        using var buffer = new SqlBuffer();
        byte[] large = new byte[20 << 20];
        buffer.Write("x"u8);
        buffer.Write(large);
        Assert.Equal(large.Length + 1, buffer.Length);
        buffer.Truncate(1);
        Assert.Equal("x", Encoding.ASCII.GetString(buffer.Span));
        buffer.Clear();
        Assert.InRange(buffer.GetMemory(1).Length, 1, 1 << 20);
    }

    // As the server reads it: quotes off, backslash sequences resolved.
    private static byte[] Unquote(ReadOnlySpan<byte> text)
    {
        Assert.Equal((byte)'\'', text[0]);
        Assert.Equal((byte)'\'', text[^1]);
        var bytes = new List<byte>();
        for (int i = 1; i < text.Length - 1; i++)
        {
            Assert.NotEqual((byte)'\'', text[i]);
            bytes.Add(text[i] != '\\' ? text[i] : text[++i] == '0' ? (byte)0 : text[i]);
        }

        return [.. bytes];
    }
}
