using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tests.Throttling;

public sealed class CopyGovernorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(4, 0.0, 5)]
    [InlineData(4, 0.39, 5)]
    [InlineData(8, 0.1, 8)]
    [InlineData(4, 0.4, 4)]
    [InlineData(4, 0.69, 4)]
    [InlineData(4, 0.7, 3)]
    [InlineData(1, 0.9, 1)]
    [InlineData(0, 0.9, 0)]
    [InlineData(0, 0.5, 1)]
    [InlineData(8, 1.0, 4)]
    [InlineData(1, 1.0, 0)]
    [InlineData(8, double.PositiveInfinity, 4)]
    public void The_law_grows_by_one_and_shrinks_by_half(int allowed, double use, int next) => Assert.Equal(next, LoadLaw.Next(allowed, 8, use));

    [Fact]
    public async Task A_sign_at_its_limit_stops_new_chunks_and_says_so_until_it_is_well_below()
    {
        var governor = new CopyGovernor(4);
        ChunkSlot first = await governor.EnterChunkAsync(CancellationToken.None);
        for (int second = 0; second < 3; second++)
        {
            governor.Observe([new("Threads_running of the source", 30, 25), new("history list length of the source", 5, 1000)], null);
        }

        Task<ChunkSlot> waiting = governor.EnterChunkAsync(CancellationToken.None).AsTask();
        first.Dispose();
        Assert.False(waiting.IsCompleted);
        Assert.Equal("No new chunk is begun: Threads_running of the source is 30, the limit 25.", governor.Reason);

        governor.Observe([new("Threads_running of the source", 24, 25)], null);
        Assert.Equal(0, governor.Allowed);
        governor.Observe([new("Threads_running of the source", 12, 25)], null);
        (await waiting.WaitAsync(Deadline)).Dispose();
        Assert.Equal("1 of 4 chunks at once: Threads_running of the source is 12, the limit 25.", governor.Reason);

        for (int second = 0; second < 3; second++)
        {
            Assert.NotNull(governor.Reason);
            governor.Observe([new("Threads_running of the source", 2, 25)], null);
        }

        Assert.Equal((4, null), (governor.Allowed, governor.Reason));
    }

    [Fact]
    public void A_silent_server_stops_new_chunks_whatever_was_last_seen()
    {
        var governor = new CopyGovernor(4);
        governor.Observe([new("Threads_running of the source", 1, 25)], ("source", TimeSpan.FromSeconds(12)));

        Assert.Equal(0, governor.Allowed);
        Assert.Contains("nothing is known of the load of the source for 12 s", governor.Reason, StringComparison.Ordinal);
        governor.Release();
        Assert.Equal((4, null), (governor.Allowed, governor.Reason));
    }

    [Fact]
    public async Task No_more_chunks_than_allowed_are_under_way()
    {
        var governor = new CopyGovernor(2);
        ChunkSlot first = await governor.EnterChunkAsync(CancellationToken.None);
        ChunkSlot second = await governor.EnterChunkAsync(CancellationToken.None);
        Task<ChunkSlot> third = governor.EnterChunkAsync(CancellationToken.None).AsTask();
        Assert.False(third.IsCompleted);

        first.Dispose();
        first.Dispose();
        await third.WaitAsync(Deadline);
        Assert.False(governor.EnterChunkAsync(CancellationToken.None).AsTask().IsCompleted);
        second.Dispose();
    }

    [Fact]
    public async Task Waiting_for_a_chunk_can_be_cancelled()
    {
        var governor = new CopyGovernor(1);
        using ChunkSlot held = await governor.EnterChunkAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task waiting = governor.EnterChunkAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Deadline));
    }

    [Theory]
    [InlineData("db2", "db2", 3306)]
    [InlineData("db2:3307", "db2", 3307)]
    [InlineData("[::1]:3307", "::1", 3307)]
    [InlineData("[::1]", "::1", 3306)]
    [InlineData("::1", null, 0)]
    [InlineData("db2:", null, 0)]
    [InlineData("db2:0", null, 0)]
    [InlineData("db2:70000", null, 0)]
    [InlineData(":3306", null, 0)]
    [InlineData("a b", null, 0)]
    [InlineData("u@h:3306", null, 0)]
    public void Addresses_of_replicas_are_read(string text, string? host, int port) =>
        Assert.Equal(host is null ? null : (host, port), ReplicaAddress.Parse(text));
}
