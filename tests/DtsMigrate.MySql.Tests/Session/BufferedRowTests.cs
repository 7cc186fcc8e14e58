using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Session;

public sealed class BufferedRowTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Rows_received_already_are_read_without_asking_and_the_end_is_told_by_asking()
    {
        await using var server = Server(FakePackets.Row("a"), FakePackets.Row("bb"), FakePackets.Row("ccc"), FakePackets.EndOfRows());
        await using var session = await FakeServerSession.ConnectAsync(server);
        await using (var rows = await session.QueryAsync("SELECT c", None))
        {
            var lengths = new List<int>();
            while (await rows.ReadAsync(None))
            {
                do
                {
                    lengths.Add(rows.CurrentRow.Length);
                }
                while (rows.TryReadBuffered());
            }

            Assert.Equal([2, 3, 4], lengths);
            Assert.False(rows.TryReadBuffered());
            Assert.False(await rows.ReadAsync(None));
            Assert.Throws<InvalidOperationException>(() => rows.CurrentRow.Length);
        }

        await session.PingAsync(None);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_result_set_disposed_after_its_last_row_leaves_the_session_usable(bool more)
    {
        byte[][] rest = more ? [FakePackets.ColumnCount(1), FakePackets.Column("d"), FakePackets.Row("x"), FakePackets.EndOfRows()] : [];
        await using var server = Server([FakePackets.Row("a"), FakePackets.EndOfRows(more), .. rest]);
        await using var session = await FakeServerSession.ConnectAsync(server);
        await using (var rows = await session.QueryAsync("SELECT c", None))
        {
            Assert.True(await rows.ReadAsync(None));

            // The end has been received with the row, or comes at once: either way it is not told yet.
            Assert.False(rows.TryReadBuffered());
        }

        await session.PingAsync(None);
    }

    [Fact]
    public async Task An_error_among_the_rows_is_thrown_at_the_row()
    {
        await using var server = Server(FakePackets.Row("a"), FakePackets.Err(1317, "Query execution was interrupted"));
        await using var session = await FakeServerSession.ConnectAsync(server);
        await using (var rows = await session.QueryAsync("SELECT c", None))
        {
            Assert.True(await rows.ReadAsync(None));
            var error = await Assert.ThrowsAsync<MySqlServerException>(async () =>
            {
                while (rows.TryReadBuffered() || await rows.ReadAsync(None))
                {
                    Assert.Fail("There is no further row.");
                }
            });
            Assert.Equal(1317, error.Errno);
        }

        await session.PingAsync(None);
    }

    [Fact]
    public async Task Rows_received_already_are_given_out_as_they_came_and_what_is_no_row_is_left()
    {
        const int Rows = 700;
        byte[][] sent = [.. Enumerable.Range(0, Rows).Select(i => FakePackets.Row(new string('x', 1 + (i % 100)))), FakePackets.Row(new string('y', 300)), FakePackets.Row("z"), FakePackets.EndOfRows()];
        await using var server = Server(sent);
        await using var session = await FakeServerSession.ConnectAsync(server);
        await using (var rows = await session.QueryAsync("SELECT c", None))
        {
            var lengths = new List<int>();
            while (await rows.ReadAsync(None))
            {
                lengths.Add(rows.CurrentRow.Length);
                Received(rows, lengths, most: 50);
                Received(rows, lengths, most: int.MaxValue);
            }

            Assert.Equal([.. Enumerable.Range(0, Rows).Select(i => 2 + (i % 100)), 303, 2], lengths);
            Assert.Throws<InvalidOperationException>(() => rows.CurrentRow.Length);
        }

        await session.PingAsync(None);
    }

    [Fact]
    public async Task An_error_behind_rows_given_out_is_thrown_at_its_place()
    {
        await using var server = Server(FakePackets.Row("a"), FakePackets.Row("b"), FakePackets.Err(1317, "Query execution was interrupted"));
        await using var session = await FakeServerSession.ConnectAsync(server);
        await using (var rows = await session.QueryAsync("SELECT c", None))
        {
            var lengths = new List<int>();
            var error = await Assert.ThrowsAsync<MySqlServerException>(async () =>
            {
                while (await rows.ReadAsync(None))
                {
                    lengths.Add(rows.CurrentRow.Length);
                    Received(rows, lengths, most: int.MaxValue);
                }
            });
            Assert.Equal((1317, 2), (error.Errno, lengths.Count));
        }

        await session.PingAsync(None);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    public void Rows_end_before_a_packet_that_is_not_here_or_out_of_turn(int number, int expected)
    {
        byte[] whole = [2, 0, 0, (byte)number, 1, 65];
        var rows = new ReceivedRows([.. whole, 2, 0, 0, 4, 1], 3);
        int count = 0;
        while (rows.TryNext(10, out _))
        {
            count++;
        }

        Assert.Equal((expected, expected, 6 * expected), (count, rows.Count, rows.Taken));
    }

    private static void Received(TextResultSet rows, List<int> lengths, int most)
    {
        var received = rows.PeekReceived();
        while (received.Count < most && received.TryNext(longest: 200, out var row))
        {
            lengths.Add(row.Length);
        }

        rows.SkipReceived(received);
    }

    /// <summary>Answers one query by a result set of one column, sent at once, and then a ping.</summary>
    private static FakeMySqlServer Server(params byte[][] rows) => FakeMySqlServer.StartLoggedIn(async c =>
    {
        await c.ReceiveAsync();
        await c.SendAsync([FakePackets.ColumnCount(1), FakePackets.Column("c"), .. rows]);
        await c.ReceiveAsync();
        await c.SendAsync(FakePackets.Ok());
        await c.SilenceAsync();
    });
}
