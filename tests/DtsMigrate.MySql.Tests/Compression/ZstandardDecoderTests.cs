using System.Buffers;
using DtsMigrate.MySql.Compression;

namespace DtsMigrate.MySql.Tests.Compression;

/// <summary>Frames of the reference implementation's command, at all levels; without the command, frames that it made earlier.</summary>
public sealed class ZstandardDecoderTests
{
    private static readonly int[] Lengths = [0, 1, 5, 255, 256, 1000, 65_791, 65_792, 131_072, 131_073, 400_000];

    public static TheoryData<string> Options { get; } =
    [
        .. Enumerable.Range(1, 19).Select(static level => $"-{level}"),
        "--ultra -20", "--ultra -22", "--fast=1", "--fast=7", "--fast=50", "-3 --long=27", "-19 --long=24", "-1 --no-compress-literals", "-1 --compress-literals", "-3 --target-compressed-block-size=2000",
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Frames_of_the_command_give_their_content(string options)
    {
        if (!ZstandardCommand.IsAvailable)
        {
            Golden_frames_give_their_content();
            return;
        }

        using var decoder = new ZstandardDecoder();
        var random = new Random(options.Length);
        foreach (string kind in SampleContent.Kinds)
        {
            int length = Lengths[random.Next(Lengths.Length)];
            byte[] content = SampleContent.Create(kind, length);
            string[] checksum = [random.Next(2) == 0 ? "--check" : "--no-check"];
            string[] size = random.Next(2) == 0 ? [$"--stream-size={length}"] : [];
            byte[] compressed = await ZstandardCommand.CompressAsync(content, [.. options.Split(' '), .. checksum, .. size]);
            AssertContent(content, Decompress(decoder, compressed, random), $"{kind}, {length} bytes, {string.Join(' ', size)}");
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-3 --long=27")]
    [InlineData("-19 --check")]
    public async Task Windows_that_move_many_times_give_their_content(string options)
    {
        if (!ZstandardCommand.IsAvailable)
        {
            Golden_frames_give_their_content();
            return;
        }

        using var decoder = new ZstandardDecoder();
        foreach (string kind in (string[])["far", "mixed", "rows"])
        {
            byte[] content = SampleContent.Create(kind, 6_000_000);
            byte[] compressed = await ZstandardCommand.CompressAsync(content, options.Split(' '));
            AssertContent(content, Decompress(decoder, compressed, new Random(2)), kind);
        }
    }

    [Fact]
    public void Golden_frames_give_their_content()
    {
        using var decoder = new ZstandardDecoder();
        foreach (var (kind, length, frame) in GoldenFrames.All)
        {
            AssertContent(SampleContent.Create(kind, length), Decompress(decoder, frame, new Random(1)), kind);
        }
    }

    [Fact]
    public void Frames_one_after_another_and_skippable_frames_are_read()
    {
        byte[] skippable = [0x5F, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5], nothing = [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0];
        using var decoder = new ZstandardDecoder();
        var (kind, length, frame) = GoldenFrames.All[0];
        byte[] content = SampleContent.Create(kind, length);
        byte[] all = [.. skippable, .. frame, .. nothing, .. frame, .. skippable];
        Assert.Equal([.. content, .. content], Decompress(decoder, all, new Random(3)));
    }

    [Fact]
    public void A_window_above_the_limit_is_refused_by_name()
    {
        using var decoder = new ZstandardDecoder(1 << 20);
        byte[] twoMebibytes = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 11 << 3, 0x01, 0, 0];
        var failure = Assert.Throws<ZstandardException>(() => Decompress(decoder, twoMebibytes, new Random(1)));
        Assert.Equal("ZstandardWindowTooLarge", failure.Code);
        Assert.Contains("2097152", failure.Message, StringComparison.Ordinal);

        // The window may be large where the content is known to be small.
        byte[] small = [0x28, 0xB5, 0x2F, 0xFD, 0x40, 11 << 3, 0x00, 0x00, 0x03, 0x08, 0, (byte)'x'];
        decoder.Reset();
        Assert.Equal(new string('x', 256), System.Text.Encoding.ASCII.GetString(Decompress(decoder, small, new Random(1))));
    }

    [Fact]
    public void A_dictionary_is_refused_by_number()
    {
        using var decoder = new ZstandardDecoder();
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x22, 0x39, 0x30, 0x01, 0x09, 0, 0];
        var failure = Assert.Throws<ZstandardException>(() => Decompress(decoder, frame, new Random(1)));
        Assert.Equal("ZstandardDictionaryMissing", failure.Code);
        Assert.Contains("12345", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000000", "starts with")]
    [InlineData("28B52FFD0800", "reserved")]
    [InlineData("28B52FFD2001070000", "kind that does not exist")]
    [InlineData("28B52FFD2001110000FFFF", "are the most")]
    [InlineData("28B52FFD2002090000FF", "announced")]
    [InlineData("28B52FFD24010900006100000000", "checksum")]
    [InlineData("28B52FFD20050D00004100", "a match")]
    [InlineData("28B52FFD2000050000", "a block ends")]
    public void What_is_malformed_is_named(string hex, string part)
    {
        using var decoder = new ZstandardDecoder();
        byte[] frame = Convert.FromHexString(hex);
        if (part == "a match")
        {
            // One literal, then a match of four bytes two bytes back: predefined codes would do, single ones are shorter.
            byte[] block = [0x08, (byte)'a', 0x01, 0x54, 0x01, 0x02, 0x01, 0x05];
            frame = [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x40, (byte)((block.Length << 3) | 5), 0, 0, .. block];
        }

        var failure = Assert.Throws<ZstandardException>(() => Decompress(decoder, frame, new Random(1)));
        Assert.Equal("ZstandardMalformed", failure.Code);
        Assert.False(failure.IsTransient);
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_frames_end_in_bytes_or_an_error_with_bounded_memory()
    {
        const int Rounds = 30_000;
        var random = new Random(8878);
        using var decoder = new ZstandardDecoder(1 << 20);
        byte[] output = new byte[64 << 10];
        int read = 0, refused = 0, cutOff = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var (_, _, golden) = GoldenFrames.All[random.Next(GoldenFrames.All.Length)];
            byte[] damaged = Damage(random, golden);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (Drain(decoder, damaged, output))
                {
                    read++;
                }
                else
                {
                    cutOff++;
                }
            }
            catch (ZstandardException)
            {
                refused++;
            }

            decoder.Reset();
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }

        Assert.True(read > 10 && refused > Rounds / 4 && cutOff > Rounds / 50, $"{read} read, {refused} refused, {cutOff} cut off");
    }

    [Fact]
    public void Decompressing_again_allocates_nothing()
    {
        using var decoder = new ZstandardDecoder();
        byte[] output = new byte[64 << 10];
        Assert.True(Drain(decoder, GoldenFrames.All[0].Frame, output));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Drain(decoder, GoldenFrames.All[0].Frame, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_small_frame_that_stands_for_gigabytes_needs_little_memory()
    {
        // 16,384 blocks of 128 KiB of one byte each: 2 GiB in 64 KiB.
        byte[] block = [0x02, 0x00, 0x10, (byte)'z'], last = [0x03, 0x00, 0x10, (byte)'z'];
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 13 << 3, .. Enumerable.Repeat(block, 16_383).SelectMany(static b => b), .. last];
        using var decoder = new ZstandardDecoder();
        byte[] output = new byte[1 << 20];
        long before = GC.GetAllocatedBytesForCurrentThread();
        long total = 0;
        var status = OperationStatus.NeedMoreData;
        for (ReadOnlySpan<byte> rest = frame; status != OperationStatus.Done; total += 0)
        {
            status = decoder.Decompress(rest, output, out int consumed, out int written);
            rest = rest[consumed..];
            total += written;
        }

        Assert.Equal(2L << 30, total);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    // Pieces of odd sizes on both sides.
    private static byte[] Decompress(ZstandardDecoder decoder, byte[] compressed, Random random)
    {
        var output = new ArrayBufferWriter<byte>();
        int at = 0;
        int most = random.Next(4) switch { 0 when compressed.Length < 5000 => 3, 0 or 1 => 2000, _ => 300_000 };
        while (at < compressed.Length || !decoder.IsBetweenFrames)
        {
            var source = compressed.AsSpan(at, Math.Min(random.Next(most), compressed.Length - at));
            var status = decoder.Decompress(source, output.GetSpan(most)[..random.Next(most)], out int consumed, out int written);
            output.Advance(written);
            at += consumed;
            Assert.True(at < compressed.Length || status != OperationStatus.NeedMoreData || decoder.IsBetweenFrames, "the frame does not end");
        }

        return output.WrittenSpan.ToArray();
    }

    private static bool Drain(ZstandardDecoder decoder, ReadOnlySpan<byte> source, byte[] output)
    {
        while (true)
        {
            var status = decoder.Decompress(source, output, out int consumed, out _);
            source = source[consumed..];
            if (status == OperationStatus.NeedMoreData || (status == OperationStatus.Done && source.IsEmpty))
            {
                return decoder.IsBetweenFrames;
            }
        }
    }

    private static byte[] Damage(Random random, byte[] frame)
    {
        byte[] bytes = [.. frame];
        if (random.Next(8) == 0)
        {
            bytes = bytes[..random.Next(bytes.Length)];
        }

        for (int i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
        {
            int at = random.Next(3) == 0 ? random.Next(Math.Min(40, bytes.Length)) : random.Next(bytes.Length);
            bytes[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
        }

        return bytes;
    }

    private static void AssertContent(byte[] expected, byte[] actual, string what)
    {
        if (!expected.AsSpan().SequenceEqual(actual))
        {
            int at = expected.AsSpan().CommonPrefixLength(actual);
            Assert.Fail($"{what}: {actual.Length} bytes, the first {at} are right");
        }
    }
}
