using DtsMigrate.Engine.FullCopy;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class FieldEscaperTests
{
    private delegate int Escaper(ReadOnlySpan<byte> source, Span<byte> target);

    [Fact]
    public void What_is_escaped_for_load_reads_back_and_holds_no_separator()
    {
        var random = new Random(5);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] field = RandomField(random);
            byte[] escaped = Escape(field, FieldEscaper.ForLoad);
            Assert.DoesNotContain((byte)'\t', escaped);
            Assert.DoesNotContain((byte)'\n', escaped);
            Assert.Equal(field, Unescape(escaped));
        }
    }

    [Fact]
    public void What_is_escaped_for_quotes_ends_only_where_it_ends()
    {
        var random = new Random(6);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] field = RandomField(random);
            Assert.Equal(field, UnescapeQuoted(Escape(field, FieldEscaper.ForQuotes)));
        }
    }

    [Fact]
    public void The_text_of_the_NULL_marker_is_not_mistaken_for_NULL() => Assert.Equal(@"\\N"u8.ToArray(), Escape(@"\N"u8.ToArray(), FieldEscaper.ForLoad));

    private static byte[] Escape(byte[] field, Escaper escaper)
    {
        byte[] target = new byte[FieldEscaper.MaxGrowth * field.Length];
        return target[..escaper(field, target)];
    }

    private static byte[] RandomField(Random random)
    {
        byte[] field = new byte[random.Next(0, 200)];
        random.NextBytes(field);
        for (int i = 0; i < field.Length; i++)
        {
            // Often what matters, so that runs and ends of it occur.
            field[i] = random.Next(3) == 0 ? "\t\n\\'\0N"u8[random.Next(6)] : field[i];
        }

        return field;
    }

    /// <summary>As LOAD DATA reads with ESCAPED BY '\\' (reference manual, "LOAD DATA Statement").</summary>
    private static byte[] Unescape(byte[] escaped)
    {
        var result = new List<byte>();
        for (int i = 0; i < escaped.Length; i++)
        {
            result.Add(escaped[i] != (byte)'\\' ? escaped[i] : escaped[++i] switch { (byte)'t' => (byte)'\t', (byte)'n' => (byte)'\n', (byte)'\\' => (byte)'\\', _ => throw new InvalidOperationException() });
        }

        return [.. result];
    }

    private static byte[] UnescapeQuoted(byte[] escaped)
    {
        var result = new List<byte>();
        for (int i = 0; i < escaped.Length; i++)
        {
            Assert.NotEqual((byte)'\'', escaped[i]);
            result.Add(escaped[i] != (byte)'\\' ? escaped[i] : escaped[++i]);
        }

        return [.. result];
    }
}
