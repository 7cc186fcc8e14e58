using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Tests.Protocol;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Session;

public sealed class ConversationFuzzTests
{
    private const int Runs = 1_500;

    [Fact]
    public async Task A_damaged_conversation_ends_in_rows_or_an_error_of_the_family()
    {
        var random = new Random(1_905);
        byte[] recorded = Record();
        byte[] damaged = recorded;
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendRawAsync(damaged);
            c.Close();
            await c.SilenceAsync();
        });
        int values = 0;
        int errors = 0;
        for (int run = 0; run < Runs; run++)
        {
            damaged = Mutation.Of(random, recorded);
            try
            {
                await ConverseAsync(server).WaitAsync(FakeServerSession.Limit);
                values++;
            }
            catch (DtsMigrateException)
            {
                errors++;
            }
        }

        Assert.InRange(values, Runs / 10, Runs);
        Assert.InRange(errors, Runs / 10, Runs);
    }

    [Fact]
    public async Task The_recorded_conversation_is_a_good_one()
    {
        byte[] recorded = Record();
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendRawAsync(recorded);
            await c.SilenceAsync();
        });

        Assert.Equal(2, await ConverseAsync(server));
    }

    private static async Task<int> ConverseAsync(FakeMySqlServer server)
    {
        await using var session = await FakeServerSession.ConnectAsync(server);
        var rows = await session.QueryRowsAsync("SELECT a, b", CancellationToken.None);
        await session.LoadLocalAsync("LOAD DATA", static (_, _) => Task.CompletedTask, CancellationToken.None);
        return rows.Count;
    }

    /// <summary>All that a server sends from greeting to load, with the numbers its packets have.</summary>
    private static byte[] Record()
    {
        var bytes = new List<byte>();
        Add(0, new FakeGreeting().ToPayload());
        Add(2, FakePackets.AuthMoreData(3), FakePackets.Ok());
        Add(1, FakePackets.Identity(1));
        Add(1, FakePackets.ColumnCount(2), FakePackets.Column("a"), FakePackets.Column("b"), FakePackets.Row("1", null), FakePackets.Row(new string('x', 300), "y"), FakePackets.EndOfRows());
        Add(1, FakePackets.LocalInfile("x"));
        Add(3, FakePackets.Ok(0, "Records: 0  Deleted: 0  Skipped: 0  Warnings: 0"));
        return [.. bytes];

        void Add(byte sequence, params byte[][] payloads)
        {
            foreach (byte[] payload in payloads)
            {
                bytes.AddRange([(byte)payload.Length, (byte)(payload.Length >> 8), 0, sequence++]);
                bytes.AddRange(payload);
            }
        }
    }
}
