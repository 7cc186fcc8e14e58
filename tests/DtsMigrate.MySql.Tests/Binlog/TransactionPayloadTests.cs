using System.Buffers.Binary;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Events.Parsing;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>Compressed transactions: events inside an event.</summary>
public sealed class TransactionPayloadTests
{
    private const byte Payload = 40, Zstandard = 0, Uncompressed = 255, Unknown = 7;

    private static readonly byte[] Xid = EventBytes.Build(16, [9, 0, 0, 0, 0, 0, 0, 0]);
    private static readonly byte[] Comment = EventBytes.Build(29, [5, .. "x = 1"u8]);

    [Fact]
    public void Events_inside_end_where_the_outer_event_ends()
    {
        byte[] recorded = Assert.Single(RecordedEvents.FirstFile, static e => e[4] == Payload);
        using BinlogEventParser parser = new(checksum: true);
        uint end = BinaryPrimitives.ReadUInt32LittleEndian(recorded.AsSpan(13));
        parser.SetStart(new BinlogCoordinate("binlog.000002", end - (ulong)recorded.Length));
        List<BinlogEvent> events = [];
        parser.ParseAll(recorded, events.Add);

        Assert.Equal(["QueryEvent", "RowsQueryEvent", "TableMapEvent", "RowsEvent", "XidEvent"], events.Select(static e => e.GetType().Name));
        Assert.All(events, e => Assert.Equal(new BinlogCoordinate("binlog.000002", end), e.End));
        Assert.Equal(new BinlogCoordinate("binlog.000002", end + 31ul), parser.Parse(EventBytes.Build(16, new byte[8], end: end + 31, checksum: true)).End);
    }

    [Theory]
    [InlineData(Zstandard)]
    [InlineData(Uncompressed)]
    public void Both_kinds_of_payload_are_read_with_and_without_a_checksum(byte compression)
    {
        foreach (bool checksum in (bool[])[true, false])
        {
            using BinlogEventParser parser = new(checksum);
            List<BinlogEvent> events = [];
            parser.ParseAll(Event(compression, [.. Comment, .. Xid], checksum), events.Add);
            Assert.Equal("x = 1", Assert.IsType<RowsQueryEvent>(events[0]).Sql);
            Assert.Equal(9ul, Assert.IsType<XidEvent>(events[1]).Xid);
            Assert.Equal(2, events.Count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void Pieces_of_any_size_give_the_same_events(int size)
    {
        foreach (byte compression in (byte[])[Zstandard, Uncompressed])
        {
            byte[] bytes = Event(compression, [.. Comment, .. Xid, .. Comment], checksum: true);
            using TransactionPayloadReader reader = new();
            reader.Begin(bytes.AsSpan(0, 19), (uint)bytes.Length, hasChecksum: true);
            List<string> read = [];
            for (int at = 19; at < bytes.Length; at += size)
            {
                ReadOnlySpan<byte> piece = bytes.AsSpan(at, Math.Min(size, bytes.Length - at));
                while (reader.TryRead(ref piece, out ReadOnlySpan<byte> inner))
                {
                    read.Add(Convert.ToHexString(inner));
                }

                Assert.Equal(0, piece.Length);
            }

            Assert.False(reader.IsOpen);
            Assert.Equal([Convert.ToHexString(Comment), Convert.ToHexString(Xid), Convert.ToHexString(Comment)], read);
        }
    }

    [Fact]
    public void The_end_of_a_transaction_is_not_given_before_its_checksum_is_right()
    {
        byte[] damaged = Event(Uncompressed, [.. Comment, .. Comment, .. Xid], checksum: true);
        damaged[^1] ^= 1;
        using BinlogEventParser parser = new(checksum: true);
        List<BinlogEvent> events = [];
        MySqlProtocolException error = Assert.Throws<MySqlProtocolException>(() => parser.ParseAll(damaged, events.Add));
        Assert.Contains("wrong checksum", error.Message, StringComparison.Ordinal);
        Assert.Equal(["RowsQueryEvent", "RowsQueryEvent"], events.Select(static e => e.GetType().Name));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        byte[] content = [.. Comment, .. Xid];
        AssertError("compression of type 7", Event(Unknown, content, checksum: false));
        AssertError("cannot be inside another one", Event(Zstandard, EventBytes.Build(40, [0]), checksum: false));
        AssertError("cannot be inside another one", Event(Zstandard, EventBytes.RotateTo("f.1", 4), checksum: false));
        AssertError("QUERY event (type 2) inside it", Event(Zstandard, EventBytes.Build(2, [0]), checksum: false));
        AssertError("ends inside an event", Event(Zstandard, [.. Xid, 1, 2, 3], checksum: false));
        AssertError("says that it has 27 bytes, where 20 are left", Event(Zstandard, Xid.AsSpan(0, 20).ToArray(), checksum: false));
        AssertError("ends before its content", Event(Zstandard, content, checksum: false, contentSize: content.Length + 30));
        AssertError("more than it says", Event(Zstandard, content, checksum: false, contentSize: Comment.Length));
        AssertError("Malformed Zstandard", Build([2, 1, 0, 3, 1, 20, 1, 1, 4, 0, 9, 9, 9, 9], checksum: false));
        AssertError("bytes in 3", Build([.. Field(2, 255), 1, 1, 4, 0, 9, 9, 9], checksum: false));
        AssertError("fields have no end", Build([2, 1, 0], checksum: false));
        AssertError("does not say", Build([2, 1, 0, 0], checksum: false));
    }

    [Fact]
    public void A_transaction_of_half_a_gigabyte_needs_the_memory_of_its_largest_event()
    {
        // One event as it is, then blocks of a single match each that repeat it: 128 KiB in 13 bytes.
        const int EventLength = 8192, Block = 128 << 10, Blocks = 4096;
        byte[] one = EventBytes.Build(29, new byte[EventLength - 19]);
        const int Compressed = (10 << 3) | (2 << 1);
        int raw = one.Length << 3;
        List<byte> payload = [0x28, 0xB5, 0x2F, 0xFD, 0, 8 << 3, (byte)raw, (byte)(raw >> 8), (byte)(raw >> 16), .. one];
        for (int i = 0; i < Blocks; i++)
        {
            // No literals, one sequence, a single code for each of its parts: literal length 0, offset value 8192 + 3, match length 65539 + 65533.
            ulong bits = (1ul << 29) | ((EventLength + 3 - 8192ul) << 16) | (Block - 65539ul);
            payload.AddRange([(byte)(Compressed | (i == Blocks - 1 ? 1 : 0)), 0, 0, 0, 1, 0x54, 0, 13, 52, (byte)bits, (byte)(bits >> 8), (byte)(bits >> 16), (byte)(bits >> 24)]);
        }

        long content = EventLength + ((long)Block * Blocks);
        byte[] start = Build([.. Field(2, Zstandard), 3, 9, 254, .. BitConverter.GetBytes(content), .. Field(1, payload.Count), 0, .. payload], checksum: true);
        using TransactionPayloadReader reader = new();
        ReadOnlySpan<byte> rest = start.AsSpan(19);
        reader.Begin(start.AsSpan(0, 19), (uint)start.Length, hasChecksum: true);
        long before = GC.GetAllocatedBytesForCurrentThread(), events = 0;
        while (reader.TryRead(ref rest, out ReadOnlySpan<byte> inner))
        {
            events += inner.Length == EventLength ? 1 : 0;
        }

        Assert.Equal(content / EventLength, events);
        Assert.False(reader.IsOpen);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void A_payload_without_events_is_passed_over()
    {
        using BinlogEventParser parser = new(checksum: true);
        List<BinlogEvent> events = [];
        parser.ParseAll(Event(Uncompressed, [], checksum: true), events.Add);
        Assert.Empty(events);
        Assert.False(parser.IsInPayload);
    }

    /// <summary>A transaction payload event that ends at its own length.</summary>
    internal static byte[] Event(byte compression, byte[] content, bool checksum, int? contentSize = null, int start = 0)
    {
        byte[] payload = compression == Zstandard ? Frame(content) : content;
        return Build([.. Field(2, compression), .. Field(3, contentSize ?? content.Length), .. Field(1, payload.Length), 0, .. payload], checksum, start);
    }

    private static byte[] Build(byte[] body, bool checksum, int start = 0) =>
        EventBytes.Build(Payload, body, end: (uint)(start + 19 + body.Length + (checksum ? 4 : 0)), checksum: checksum);

    private static byte[] Field(byte type, int value) => [type, 4, 253, (byte)value, (byte)(value >> 8), (byte)(value >> 16)];

    // Raw blocks in a frame that does not tell its size.
    private static byte[] Frame(byte[] content)
    {
        const int Block = 100_000;
        List<byte> frame = [0x28, 0xB5, 0x2F, 0xFD, 0, 10 << 3];
        for (int at = 0; at == 0 || at < content.Length; at += Block)
        {
            byte[] block = content[at..Math.Min(content.Length, at + Block)];
            int header = (block.Length << 3) | (at + Block >= content.Length ? 1 : 0);
            frame.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16), .. block]);
        }

        return [.. frame];
    }

    private static void AssertError(string part, byte[] bytes)
    {
        using BinlogEventParser parser = new(checksum: false);
        parser.SetStart(new BinlogCoordinate("b.1", 4));
        MySqlProtocolException error = Assert.Throws<MySqlProtocolException>(() => parser.ParseAll(bytes, static _ => { }));
        Assert.Contains("TRANSACTION_PAYLOAD event (type 40) after b.1:4", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
