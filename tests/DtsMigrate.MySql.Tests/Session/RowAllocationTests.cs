using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Session;

[Collection(AloneCollection.Name)]
public sealed class RowAllocationTests
{
    private const int Rows = 200_000;

    // Many continuations may run on other threads; the process-wide count sees them, and the server's own writes, which it prepares before.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_rows_allocates_nothing_per_row(bool buffered)
    {
        byte[] answer = Answer();
        await using var server = FakeMySqlServer.StartLoggedIn(async c =>
        {
            for (int i = 0; i < 2; i++)
            {
                await c.ReceiveAsync();
                await c.SendRawAsync(answer);
            }

            await c.SilenceAsync();
        });
        await using var session = await FakeServerSession.ConnectAsync(server);

        await CountAsync(session, buffered);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        long bytes = await CountAsync(session, buffered);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(Rows * 104L, bytes);

        // The smallest object has 24 bytes, so one for each row would show. Refills of the buffer cost something, the more of them the less arrives at once.
        Assert.InRange(allocated, 0, Rows * 8);
    }

    private static async Task<long> CountAsync(MySql.Session.MySqlSession session, bool buffered)
    {
        long bytes = 0;
        await using var result = await session.QueryAsync("SELECT c", CancellationToken.None);
        while (await result.ReadAsync(CancellationToken.None))
        {
            do
            {
                bytes += result.CurrentRow.Length + Fields(result);
            }
            while (buffered && result.TryReadBuffered());
        }

        return bytes;
    }

    private static int Fields(MySql.Session.TextResultSet result)
    {
        var fields = result.Fields;
        int count = 0;
        while (!fields.AtEnd)
        {
            fields.ReadField(out _);
            count++;
        }

        return count;
    }

    private static byte[] Answer()
    {
        using var all = new MemoryStream();
        byte sequence = 1;
        Add(FakePackets.ColumnCount(2));
        Add(FakePackets.Column("a"));
        Add(FakePackets.Column("b"));
        byte[] row = FakePackets.Row(new string('x', 50), new string('y', 50));
        for (int i = 0; i < Rows; i++)
        {
            Add(row);
        }

        Add(FakePackets.EndOfRows());
        return all.ToArray();

        void Add(byte[] payload)
        {
            all.Write([(byte)payload.Length, (byte)(payload.Length >> 8), 0, sequence++]);
            all.Write(payload);
        }
    }
}
