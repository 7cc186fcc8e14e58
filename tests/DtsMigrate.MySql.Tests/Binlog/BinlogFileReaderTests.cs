using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Tests.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Binlog;

public sealed class BinlogFileReaderTests
{
    private const string File = "binlog.000007";
    private const byte Xid = 16;
    private const int XidLength = 19 + 8 + 4;
    private const ulong Beyond = 0x1_0000_0100;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_was_kept_of_a_dump_from_beyond_4_GiB_has_its_true_offsets()
    {
        // Such a dump is asked for from the file's beginning: what lies before the offset is neither returned nor kept.
        byte[][] sent = [EventBytes.RotateTo(File, 4, checksum: true), Description(), XidAt(0x8000_0000), XidAt(Beyond), XidAt(Beyond + XidLength), XidAt(Beyond + XidLength + XidLength)];
        await using var server = FakeServerOf(sent);
        using var kept = new MemoryStream();
        var options = new BinlogStreamOptions { From = new BinlogCoordinate(File, Beyond), ServerId = 7, Tap = bytes => kept.Write(bytes) };
        await using (var stream = await BinlogStream.OpenAsync(await FakeServerSession.ConnectAsync(server), options, TimeProvider.System, None))
        {
            while (await stream.ReadAsync(None) is not XidEvent { End.Offset: Beyond + XidLength + XidLength })
            {
            }
        }

        Assert.Equal(sent.Where((_, i) => i is not (2 or 3)).SelectMany(e => e), kept.ToArray());
        Assert.Equal([Beyond + XidLength, Beyond + XidLength + XidLength], await OffsetsAsync(kept.ToArray(), new BinlogCoordinate(File, Beyond)));
    }

    [Fact]
    public async Task A_missing_transaction_is_noticed_in_what_was_kept_of_a_dump_by_coordinate()
    {
        byte[] opening = [.. EventBytes.RotateTo(File, 200, checksum: true), .. Description(0), .. GtidAt(200 + 48)], rest = [.. XidAt(248 + XidLength), .. GtidAt(248 + XidLength + 48), .. XidAt(248 + XidLength + 48 + XidLength)];
        byte[] without = [.. EventBytes.RotateTo(File, 200, checksum: true), .. Description(0), .. rest[XidLength..]];
        var start = new BinlogCoordinate(File, 200);

        Assert.Equal([248UL + XidLength, 248UL + XidLength + 48 + XidLength], await OffsetsAsync([.. opening, .. rest], start));
        await Assert.ThrowsAsync<MySqlProtocolException>(() => OffsetsAsync(without, start));
        Assert.Single(await OffsetsAsync(without, null)); // a dump by GTID set leaves transactions out
    }

    private static async Task<List<ulong>> OffsetsAsync(byte[] bytes, BinlogCoordinate? whole)
    {
        using var stream = new MemoryStream(bytes);
        using var reader = new BinlogFileReader(stream, whole);
        var offsets = new List<ulong>();
        while (await reader.ReadAsync(bytes.Length, None) is { } next)
        {
            if (next is XidEvent xid)
            {
                offsets.Add(xid.End.Offset);
            }
        }

        return offsets;
    }

    private static FakeMySqlServer FakeServerOf(byte[][] events) => BinlogStreamTests.Source(async c =>
    {
        await c.SendAsync([.. events.Select(e => (byte[])[0, .. e])]);
        await c.SilenceAsync();
    });

    private static byte[] XidAt(ulong end) => EventBytes.Build(Xid, new byte[8], (uint)end, checksum: true);

    // Flags, source id, number, and the rest that a server writes without GTIDs may be left out.
    private static byte[] GtidAt(uint end) => EventBytes.Build(34, new byte[25], end, checksum: true);

    private static byte[] Description(uint end = 4 + 19 + 2 + 50 + 4 + 1 + 42 + 1 + 4)
    {
        byte[] body = new byte[2 + 50 + 4 + 1 + 42 + 1];
        body[0] = 4;
        "9.7.4"u8.CopyTo(body.AsSpan(2));
        body[56] = 19;
        body[57 + 1] = 13; // QUERY's own header
        body[57 + 18] = 8; // TABLE_MAP's
        body[^1] = 1; // CRC32
        return EventBytes.Build(15, body, end, checksum: true);
    }
}
