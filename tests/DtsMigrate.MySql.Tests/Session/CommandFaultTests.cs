using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Session;

[Collection(AloneCollection.Name)]
public sealed class CommandFaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_file_request_nobody_asked_for_gets_nothing_and_ends_the_session()
    {
        byte[]? sent = null;
        await using (var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.LocalInfile("/etc/passwd"));
            sent = await c.ReceiveAsync();
        }))
        await using (var session = await FakeServerSession.ConnectAsync(server))
        {
            await Assert.ThrowsAsync<MySqlProtocolException>(() => session.ExecuteAsync("SELECT 1", None));
            Assert.True(session.IsBroken);
            var later = await Assert.ThrowsAsync<MySqlConnectionException>(() => session.PingAsync(None));
            Assert.IsType<MySqlProtocolException>(later.InnerException);
        }

        Assert.Null(sent);
    }

    [Fact]
    public async Task A_second_file_request_of_one_load_is_refused()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.LocalInfile("x"));
            await c.ReceiveAsync();
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.Ok(1, "Records: 1  Deleted: 0  Skipped: 0  Warnings: 0", more: true), FakePackets.LocalInfile("/etc/passwd"));
            await c.SilenceAsync();
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        await Assert.ThrowsAsync<MySqlProtocolException>(() => session.LoadLocalAsync("LOAD DATA", Produce, None));
        Assert.True(session.IsBroken);
    }

    [Fact]
    public async Task A_load_is_packets_an_empty_packet_and_the_counts()
    {
        var packets = new List<int>();
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.LocalInfile("x"));
            byte[] data;
            do
            {
                data = await c.ReceiveAsync();
                packets.Add(data.Length);
            }
            while (data.Length > 0);
            await c.SendAsync(FakePackets.Ok(1, "Records: 7  Deleted: 0  Skipped: 1  Warnings: 2"));
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        var result = await session.LoadLocalAsync("LOAD DATA", async (stream, token) =>
        {
            stream.GetSpan(600_000)[..600_000].Fill(1);
            stream.Advance(600_000);
            await stream.FlushAsync(token);
            Assert.Equal(0, stream.Buffered);
        }, None);

        Assert.Equal(new LoadResult(7, 0, 1, 2), result);
        Assert.Equal([262_144, 262_144, 75_712, 0], packets);
    }

    [Fact]
    public async Task A_load_whose_counts_are_not_told_is_an_error()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.LocalInfile("x"));
            await c.ReceiveAsync();
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.Ok(1));
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        await Assert.ThrowsAsync<MySqlProtocolException>(() => session.LoadLocalAsync("LOAD DATA", Produce, None));
    }

    [Fact]
    public async Task A_stream_kept_beyond_its_load_cannot_write_into_the_session()
    {
        LocalInfileWriter? kept = null;
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.LocalInfile("x"));
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.Ok(0, "Records: 0  Deleted: 0  Skipped: 0  Warnings: 0"));
        });
        await using var session = await FakeServerSession.ConnectAsync(server);
        await session.LoadLocalAsync("LOAD DATA", (stream, _) =>
        {
            kept = stream;
            return Task.CompletedTask;
        }, None);

        Assert.Throws<ObjectDisposedException>(() => kept!.GetSpan(1).Length);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await kept!.FlushAsync(None));
    }

    [Fact]
    public async Task A_wrong_packet_number_is_a_protocol_error()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            c.Sequence = 9;
            await c.SendAsync(FakePackets.Ok());
            await c.SilenceAsync();
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        var error = await Assert.ThrowsAsync<MySqlProtocolException>(() => session.ExecuteAsync("DO 1", None));

        Assert.Contains("Packet number 1 is due and 9 came", error.Message, StringComparison.Ordinal);
        Assert.True(session.IsBroken);
    }

    [Fact]
    public async Task The_farewell_of_a_server_that_closes_an_idle_connection_is_told()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            c.Sequence = 0;
            await c.SendAsync(FakePackets.Err(4031, "The client was disconnected by the server because of inactivity."));
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => session.ExecuteAsync("DO 1", None));

        Assert.True(error.IsTransient);
        Assert.True(session.IsBroken);
    }

    [Fact]
    public async Task An_endless_row_never_takes_more_memory_than_has_arrived()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.ColumnCount(1), FakePackets.Column("c"));

            // Announces a field of 1 EiB and packet after full packet; sends 1 MiB of it.
            await c.SendRawAsync((byte[])[0xFF, 0xFF, 0xFF, 3, 0xFE, 0, 0, 0, 0, 0, 0, 0, 0x10, .. new byte[1 << 20]]);
        });
        await using var session = await FakeServerSession.ConnectAsync(server);
        await using var rows = await session.QueryAsync("SELECT c", None);
        long before = GC.GetTotalAllocatedBytes();

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(async () => await rows.ReadAsync(None));

        Assert.Equal("ConnectionLost", error.Code);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 16 << 20);
    }

    [Fact]
    public async Task A_silent_server_is_a_read_timeout()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(c => c.SilenceAsync());
        await using var session = await FakeServerSession.ConnectAsync(FakeServerSession.Options(server) with { ReadTimeout = Short });

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => session.ExecuteAsync("DO 1", None));

        Assert.Equal(("ReadTimeout", true, true), (error.Code, error.IsTransient, session.IsBroken));
    }

    [Fact]
    public async Task A_server_that_takes_no_data_is_a_write_timeout()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(async c => await Task.Delay(Timeout.Infinite, c.End));
        await using var session = await FakeServerSession.ConnectAsync(FakeServerSession.Options(server) with { WriteTimeout = Short });

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => session.ExecuteAsync(new string('x', 64 << 20), None));

        Assert.Equal("WriteTimeout", error.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_are_read_with_either_way_of_ending_them(bool deprecateEof)
    {
        uint capabilities = deprecateEof ? FakeGreeting.Usual : FakeGreeting.Usual & ~FakeGreeting.DeprecateEof;
        byte[] end = deprecateEof ? FakePackets.EndOfRows() : FakePackets.Eof();
        byte[][] afterColumns = deprecateEof ? [] : [FakePackets.Eof()];
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendAsync(new FakeGreeting { Capabilities = capabilities }.ToPayload());
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.Ok());
            await c.ReceiveAsync();
            await c.SendAsync([FakePackets.Ok(more: true), FakePackets.ColumnCount(2), FakePackets.Column("a"), FakePackets.Column("b"), .. afterColumns, FakePackets.Row("1", "u"), end]);
            await c.ReceiveAsync();
            await c.SendAsync([FakePackets.ColumnCount(2), FakePackets.Column("a"), FakePackets.Column("b"), .. afterColumns, FakePackets.Row(null, ""), FakePackets.Row("x", "y"), end]);
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        var rows = await session.QueryRowsAsync("SELECT a, b", None);

        Assert.Equal([(null, ""), ("x", "y")], rows.Select(row => (row.GetStringOrNull(0), row.GetStringOrNull(1))));
    }

    [Fact]
    public async Task An_error_between_rows_leaves_the_session_usable()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.ColumnCount(1), FakePackets.Column("c"), FakePackets.Row("1"), FakePackets.Err(1317, "interrupted", "70100"));
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.Ok());
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => session.QueryRowsAsync("SELECT c", None));
        await session.PingAsync(None);

        Assert.Equal(1317, error.Errno);
        Assert.False(session.IsBroken);
    }

    [Fact]
    public async Task A_cancel_that_cannot_reach_the_server_breaks_the_session()
    {
        await using var server = FakeMySqlServer.Start(async c =>
        {
            if (c.Number > 1)
            {
                await c.SendAsync(FakePackets.EarlyErr(1040, "Too many connections"));
                return;
            }

            await c.LogInAsync(new FakeGreeting());
            await c.SilenceAsync();
        });
        await using var session = await FakeServerSession.ConnectAsync(server);
        using var cancel = new CancellationTokenSource(Short);

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ExecuteAsync("DO SLEEP(100)", cancel.Token));

        Assert.True(session.IsBroken);
        Assert.IsType<MySqlServerException>(error.InnerException);
    }

    [Fact]
    public async Task A_cancel_that_reaches_another_server_kills_nothing_there()
    {
        var commands = new List<string>();
        await using (var server = FakeMySqlServer.Start(async c =>
        {
            if (c.Number == 1)
            {
                await c.LogInAsync(new FakeGreeting());
                await c.SilenceAsync();
                return;
            }

            await c.SendAsync(new FakeGreeting().ToPayload());
            await c.ReceiveAsync();
            await c.SendAsync(FakePackets.Ok());
            await c.ReceiveAsync();
            await c.SendAsync(
                FakePackets.Ok(more: true), FakePackets.ColumnCount(2), FakePackets.Column("a"), FakePackets.Column("b"),
                FakePackets.Row("1", "another-server"), FakePackets.EndOfRows());
            commands.Add(await c.ReceiveCommandAsync());
        }))
        await using (var session = await FakeServerSession.ConnectAsync(server))
        {
            using var cancel = new CancellationTokenSource(Short);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ExecuteAsync("DO SLEEP(100)", cancel.Token));
            Assert.True(session.IsBroken);
        }

        Assert.DoesNotContain(commands, command => command.StartsWith("KILL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_does_one_thing_at_a_time()
    {
        await using var server = FakeMySqlServer.StartLoggedIn(c => c.SilenceAsync());
        var session = await FakeServerSession.ConnectAsync(server);

        var running = session.PingAsync(None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.PingAsync(None));
        await session.DisposeAsync();
        await Assert.ThrowsAsync<MySqlConnectionException>(() => running);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.PingAsync(None));
    }

    private static Task Produce(LocalInfileWriter stream, CancellationToken token)
    {
        stream.GetSpan(2)[..2].Fill((byte)'\n');
        stream.Advance(2);
        return Task.CompletedTask;
    }
}
