using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;
using DtsMigrate.MySql.Tests.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Binlog;

public sealed class BinlogStreamTests
{
    private const byte Rotate = 4;
    private const byte Heartbeat = 27;
    private const byte Xid = 16;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Opening = Packet(Rotate, 0, [4, 0, 0, 0, 0, 0, 0, 0, .. "binlog.000007"u8]);

    [Fact]
    public void The_commands_of_a_replica_have_the_bytes_of_the_manual()
    {
        using var registration = new PayloadBuilder();
        using var dump = new PayloadBuilder();
        using var dumpGtid = new PayloadBuilder();

        BinlogDumpCommand.WriteRegistration(registration, 0x01020304, "h");
        BinlogDumpCommand.WriteDump(dump, 5, "b.1", 4);
        BinlogDumpCommand.WriteDumpGtid(dumpGtid, 5, [1, 2, 3]);

        Assert.Equal("04030201" + "0168" + "00" + "00" + "0000" + "00000000" + "00000000", Convert.ToHexString(registration.Written.Span));
        Assert.Equal("04000000" + "0000" + "05000000" + "622E31", Convert.ToHexString(dump.Written.Span));
        Assert.Equal("0400" + "05000000" + "00000000" + "0400000000000000" + "03000000" + "010203", Convert.ToHexString(dumpGtid.Written.Span));
    }

    [Fact]
    public async Task The_source_is_told_what_the_replica_understands_before_the_dump()
    {
        var commands = new List<string>();
        await using var server = Source(async c =>
        {
            await c.SendAsync(Opening);
            await c.SilenceAsync();
        }, commands);
        await using var stream = await OpenAsync(server, new BinlogStreamOptions { After = GtidSet.Empty, ServerId = 7, HeartbeatPeriod = TimeSpan.FromSeconds(2) });

        Assert.IsType<RotateEvent>(await stream.ReadAsync(None));
        foreach (string part in (string[])["@source_binlog_checksum = 'CRC32'", "@master_binlog_checksum = 'CRC32'", "@source_heartbeat_period = 2000000000", "@master_heartbeat_period = 2000000000", "@replica_uuid", "@slave_uuid", "net_write_timeout"])
        {
            Assert.Contains(part, commands[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_refused_dump_fails_at_opening_with_the_sources_error()
    {
        await using var server = Source(c => c.SendAsync(FakePackets.Err(1236, "purged")));

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => OpenAsync(server));

        Assert.Equal(1236, error.Errno);
    }

    [Fact]
    public async Task An_EOF_packet_is_a_lost_connection()
    {
        await using var server = Source(c => c.SendAsync(Opening, FakePackets.Eof()));
        await using var stream = await OpenAsync(server);
        await stream.ReadAsync(None);

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(async () => await stream.ReadAsync(None));

        Assert.Equal(("ConnectionLost", true), (error.Code, error.IsTransient));
        await Assert.ThrowsAsync<MySqlConnectionException>(async () => await stream.ReadAsync(None));
    }

    [Fact]
    public async Task Silence_of_three_periods_is_a_read_timeout_and_heartbeats_prevent_it()
    {
        // Together longer than three periods, each far shorter, so that a busy machine changes nothing.
        var period = TimeSpan.FromSeconds(1);
        await using var server = Source(async c =>
        {
            await c.SendAsync(Opening);
            for (int i = 0; i < 8; i++)
            {
                await Task.Delay(period / 2, c.End);
                await c.SendAsync(Packet(Heartbeat, 200, "binlog.000007"u8.ToArray()));
            }

            await c.SilenceAsync();
        });
        await using var stream = await OpenAsync(server, new BinlogStreamOptions { From = new BinlogCoordinate("binlog.000007", 4), ServerId = 7, HeartbeatPeriod = period });
        int heartbeats = 0;

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(async () =>
        {
            while (true)
            {
                heartbeats += await stream.ReadAsync(None) is HeartbeatEvent ? 1 : 0;
            }
        });

        Assert.Equal("ReadTimeout", error.Code);
        Assert.Equal(8, heartbeats);
    }

    [Fact]
    public async Task A_wrong_checksum_is_a_protocol_error_and_ends_the_stream()
    {
        byte[] damaged = Packet(Xid, 200, new byte[8]);
        damaged[^1] ^= 1;
        await using var server = Source(async c =>
        {
            await c.SendAsync(Opening, damaged);
            await c.SilenceAsync();
        });
        await using var stream = await OpenAsync(server);
        await stream.ReadAsync(None);

        await Assert.ThrowsAsync<MySqlProtocolException>(async () => await stream.ReadAsync(None));
        await Assert.ThrowsAsync<MySqlConnectionException>(async () => await stream.ReadAsync(None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("42AABB")]
    [InlineData("00")]
    [InlineData("00112233")]
    public async Task A_packet_that_is_no_event_is_a_protocol_error(string hex)
    {
        await using var server = Source(async c =>
        {
            await c.SendAsync(Opening, Convert.FromHexString(hex));
            await c.SilenceAsync();
        });
        await using var stream = await OpenAsync(server);
        await stream.ReadAsync(None);

        await Assert.ThrowsAsync<MySqlProtocolException>(async () => await stream.ReadAsync(None));
    }

    [Fact]
    public async Task An_offset_beyond_4_GiB_is_reached_by_reading_from_the_start_of_the_file()
    {
        // Every event reports 2 GiB more; the header's 32 bits wrap twice before the offset asked for.
        var commands = new List<string>();
        ulong[] ends = [0x8000_0000, 0x1_0000_0100, 0x1_8000_0000, 0x2_0000_0100];
        await using var server = Source(async c =>
        {
            await c.SendAsync(Opening);
            foreach (ulong end in ends)
            {
                await c.SendAsync(Packet(Xid, (uint)end, new byte[8]));
            }

            await c.SilenceAsync();
        }, commands);
        await using var stream = await OpenAsync(server, new BinlogStreamOptions { From = new BinlogCoordinate("binlog.000007", ends[1]), ServerId = 7 });

        Assert.IsType<RotateEvent>(await stream.ReadAsync(None));
        Assert.Equal(new BinlogCoordinate("binlog.000007", ends[2]), (await stream.ReadAsync(None)).End);
        Assert.Equal(new BinlogCoordinate("binlog.000007", ends[3]), (await stream.ReadAsync(None)).End);
        Assert.StartsWith("\u0004\0\0\0", commands[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40_000)]
    public async Task A_compressed_transaction_of_any_size_comes_as_its_events(int comments)
    {
        byte[] comment = EventBytes.Build(29, [1, .. "a comment"u8]), xid = EventBytes.Build(Xid, new byte[8]);
        byte[] content = [.. Enumerable.Repeat(comment, comments).SelectMany(static c => c), .. xid];
        byte[] first = TransactionPayloadTests.Event(0, content, checksum: true, start: 4);
        int middle = 4 + first.Length + 31;
        byte[] second = TransactionPayloadTests.Event(0, content, checksum: true, start: middle);
        await using var server = Source(async c =>
        {
            await c.SendAsync(Opening, [0, .. first], Packet(Xid, (uint)middle, new byte[8]), [0, .. second], Packet(Heartbeat, (uint)(middle + second.Length), "binlog.000007"u8.ToArray()));
            await c.SilenceAsync();
        });
        await using var stream = await OpenAsync(server, new BinlogStreamOptions { From = new BinlogCoordinate("binlog.000007", 4), ServerId = 7 });
        await stream.ReadAsync(None);

        await TransactionAsync(middle - 31);
        Assert.Equal(new BinlogCoordinate("binlog.000007", (ulong)middle), Assert.IsType<XidEvent>(await stream.ReadAsync(None)).End);
        await TransactionAsync(middle + second.Length);
        Assert.IsType<HeartbeatEvent>(await stream.ReadAsync(None));

        async Task TransactionAsync(int end)
        {
            for (int i = 0; i < comments; i++)
            {
                Assert.IsType<RowsQueryEvent>(await stream.ReadAsync(None));
            }

            Assert.Equal(new BinlogCoordinate("binlog.000007", (ulong)end), Assert.IsType<XidEvent>(await stream.ReadAsync(None)).End);
        }
    }

    [Fact]
    public async Task Exactly_one_start_must_be_given()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(c => c.SilenceAsync());
        await using var session = await FakeServerSession.ConnectAsync(server);

        await Assert.ThrowsAsync<ArgumentException>(() => BinlogStream.OpenAsync(session, new BinlogStreamOptions { ServerId = 7 }, TimeProvider.System, None));
    }

    internal static FakeMySqlServer Source(Func<FakeConnection, Task> dump, List<string>? commands = null) => FakeMySqlServer.StartLoggedIn(async c =>
    {
        commands ??= [];
        commands.Add(await c.ReceiveCommandAsync());
        await c.SendAsync(FakePackets.Ok());
        commands.Add(await c.ReceiveCommandAsync());
        await c.SendAsync(FakePackets.Ok());
        commands.Add(await c.ReceiveCommandAsync());
        await dump(c);
    });

    private static async Task<BinlogStream> OpenAsync(FakeMySqlServer server, BinlogStreamOptions? options = null) => await BinlogStream.OpenAsync(
        await FakeServerSession.ConnectAsync(server), options ?? new BinlogStreamOptions { From = new BinlogCoordinate("binlog.000007", 4), ServerId = 7 },
        TimeProvider.System, None);

    /// <summary>An OK byte, the 19-byte header, the body and its CRC32.</summary>
    private static byte[] Packet(byte type, uint end, byte[] body)
    {
        byte[] bytes = [0, 0, 0, 0, type, 1, 0, 0, 0, .. BitConverter.GetBytes(19 + body.Length + 4), .. BitConverter.GetBytes(end), 0, 0, .. body];
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return [0, .. bytes, .. BitConverter.GetBytes(~crc)];
    }
}
