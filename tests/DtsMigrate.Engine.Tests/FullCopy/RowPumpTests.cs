using System.Buffers.Binary;
using System.Text;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class RowPumpTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task Rows_become_lines_of_LOAD_DATA(int received)
    {
        var writer = new MemoryWriter();
        var pump = new RowPump([false, true, false]);
        await pump.RunAsync(new FakeRows([Row("a\tb", "0", null), Row("", null, "\\N"), Row("0", "2", "\n"), Row("x", "0", "")], received), writer, long.MaxValue, CancellationToken.None);

        Assert.Equal("a\\tb\t0\t\\N\n\t\\N\t\\\\N\n0\t2\t\\n\nx\t0\t\n", writer.Text);
        Assert.Equal((4, writer.Text.Length, 2, true), (pump.Rows, pump.Bytes, pump.EnumZeros, pump.AtEnd));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    [InlineData(251)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(300_001)]
    [InlineData(17_000_000)]
    public async Task Fields_of_every_length_pass_whole_and_in_slices(int length)
    {
        string field = string.Create(length, 0, static (span, _) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = "abc\t\\"[i % 5];
            }
        });
        var writer = new MemoryWriter();
        var pump = new RowPump([false, false, true]);
        await pump.RunAsync(new FakeRows([Row(field, null, "0"), Row("x", field, "1")]), writer, long.MaxValue, CancellationToken.None);

        string escaped = field.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
        Assert.True($"{escaped}\t\\N\t0\nx\t{escaped}\t1\n" == writer.Text);
        Assert.Equal(writer.Text.Length, pump.Bytes);
        Assert.Equal(1, pump.EnumZeros);
        Assert.InRange(writer.MostBuffered, 0, 640 << 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task It_stops_at_the_end_of_the_row_that_passes_the_limit_and_goes_on_later(int received)
    {
        var rows = new FakeRows([Row("12345"), Row("12345"), Row("12345")], received);
        var pump = new RowPump([false]);
        await pump.RunAsync(rows, new MemoryWriter(), 7, CancellationToken.None);
        Assert.Equal((2, false), (pump.Rows, pump.AtEnd));
        Assert.Equal(Row("12345"), rows.CurrentRow.ToArray()); // by its key the rest is found

        pump.Reset();
        await pump.RunAsync(rows, new MemoryWriter(), 7, CancellationToken.None);
        Assert.Equal((1, true), (pump.Rows, pump.AtEnd));
    }

    [Fact]
    public async Task The_row_that_a_stream_ends_with_early_is_the_current_one_whatever_the_lengths_are()
    {
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            byte[][] given = [.. Enumerable.Range(0, 30).Select(i => Row(new string((char)('a' + (i % 26)), random.Next(1, round % 2 == 0 ? 20 : 2_000))))];
            var rows = new FakeRows(given, received: random.Next(2, 30));
            var writer = new MemoryWriter();
            var pump = new RowPump([false]);
            await pump.RunAsync(rows, writer, random.Next(1, given.Sum(r => r.Length)), CancellationToken.None);
            Assert.False(pump.AtEnd);
            Assert.Equal(given[pump.Rows - 1], rows.CurrentRow.ToArray());
            Assert.Equal(given.Take((int)pump.Rows).Sum(r => r.Length - (r[0] < 251 ? 0 : 2)), pump.Bytes);
        }
    }

    [Theory]
    [InlineData(new byte[] { 5, 65 })]
    [InlineData(new byte[] { 1, 65 })]
    [InlineData(new byte[] { 1, 65, 1, 65, 1, 65 })]
    [InlineData(new byte[] { 1, 65, 255, 65 })]
    [InlineData(new byte[] { 1, 65, 2, 65 })]
    [InlineData(new byte[] { 1, 65, 252, 1 })]
    [InlineData(new byte[] { 255, 1, 65 })]
    [InlineData(new byte[] { 252, 1 })]
    [InlineData(new byte[] { 254, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    public async Task A_row_that_is_not_what_was_asked_for_is_an_error(byte[] row)
    {
        await Assert.ThrowsAsync<MySqlProtocolException>(() => new RowPump([false, false]).RunAsync(new FakeRows([row]), new MemoryWriter(), long.MaxValue, CancellationToken.None));

        var received = new FakeRows([Row("a", "b"), Row("a", "b"), row, Row("a", "b")], received: 9);
        await Assert.ThrowsAsync<MySqlProtocolException>(() => new RowPump([false, false]).RunAsync(received, new MemoryWriter(), long.MaxValue, CancellationToken.None));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(700, false)]
    [InlineData(700, true)]
    public async Task Nothing_is_allocated_per_row(int received, bool packets)
    {
        byte[] row = Row("12345", "some text\twith \\ specials", null, "2024-01-01 00:00:00", new string('x', 120));
        var pump = new RowPump([false, false, true, false, false]);
        var writer = new DiscardingWriter();
        await pump.RunAsync(new RepeatedRow(row, 1_000, received, packets), writer, long.MaxValue, CancellationToken.None);
        var rows = new RepeatedRow(row, 200_000, received, packets);
        long before = GC.GetAllocatedBytesForCurrentThread();

        var running = pump.RunAsync(rows, writer, long.MaxValue, CancellationToken.None);

        Assert.True(running.IsCompletedSuccessfully);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
        Assert.Equal(201_000, pump.Rows);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_received_already_are_not_asked_for_one_by_one(bool packets)
    {
        var rows = new RepeatedRow(Row("12345", "text"), 10_000, received: 100, packets);
        var pump = new RowPump([false, false]);
        await pump.RunAsync(rows, new DiscardingWriter(), long.MaxValue, CancellationToken.None);
        Assert.Equal((10_000, true), (pump.Rows, pump.AtEnd));

        // Once for each hundred, and for the end; a few more where the stream was sent in between.
        Assert.InRange(rows.Reads, 101, 110);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Received_rows_stop_at_the_limit_too(bool packets)
    {
        var rows = new RepeatedRow(Row("1234"), 10_000, received: 1_000, packets);
        var pump = new RowPump([false]);
        await pump.RunAsync(rows, new DiscardingWriter(), 500 * 5, CancellationToken.None);
        Assert.Equal((500, false), (pump.Rows, pump.AtEnd));

        pump.Reset();
        await pump.RunAsync(rows, new DiscardingWriter(), long.MaxValue, CancellationToken.None);
        Assert.Equal((9_500, true), (pump.Rows, pump.AtEnd));
    }

    /// <summary>Lengths of 9, 10 and 92 are the bytes of tab, newline and backslash, which mean nothing where a length stands.</summary>
    [Fact]
    public async Task Lengths_that_look_like_separators_and_fields_full_of_them_are_told_apart()
    {
        var random = new Random(11);
        for (int round = 0; round < 1_000; round++)
        {
            int columns = random.Next(1, 6);
            string?[][] rows = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, columns).Select(_ => RandomField(random)).ToArray())];
            var writer = new MemoryWriter();
            var pump = new RowPump(new bool[columns]);
            await pump.RunAsync(new FakeRows([.. rows.Select(Row)], received: random.Next(6)), writer, long.MaxValue, CancellationToken.None);
            Assert.Equal(string.Concat(rows.Select(fields => string.Join('\t', fields.Select(Line)) + "\n")), writer.Text);
            Assert.Equal((rows.Length, writer.Text.Length), (pump.Rows, pump.Bytes));
        }

        static string Line(string? field) =>
            field is null ? "\\N" : field.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }

    private static string? RandomField(Random random)
    {
        int length = random.Next(8) switch { 0 => 0, 1 => 9, 2 => 10, 3 => 92, 4 => -1, 5 => 252 + random.Next(100), _ => random.Next(200) };
        int one = random.Next(1, 40);
        return length < 0 ? null : string.Create(length, 0, (span, _) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = random.Next(one) == 0 ? "\t\n\\"[random.Next(3)] : 'x';
            }
        });
    }

    private static byte[] Row(params string?[] fields)
    {
        using var row = new MemoryStream();
        Span<byte> length = stackalloc byte[9];
        foreach (string? field in fields)
        {
            if (field is null)
            {
                row.WriteByte(251);
                continue;
            }

            byte[] bytes = Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteUInt64LittleEndian(length[1..], (ulong)bytes.Length);
            var (first, size) = bytes.Length switch { < 251 => ((byte)bytes.Length, 0), < 1 << 16 => ((byte)252, 2), < 1 << 24 => ((byte)253, 3), _ => ((byte)254, 8) };
            row.WriteByte(first);
            row.Write(length.Slice(1, size));
            row.Write(bytes);
        }

        return row.ToArray();
    }
}
