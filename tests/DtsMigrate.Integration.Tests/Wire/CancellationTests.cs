using System.Diagnostics;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

public sealed class CancellationTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("SELECT SLEEP(100)")]
    [InlineData("DO SLEEP(100)")]
    [InlineData("SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c")]
    public async Task A_cancelled_command_is_killed_on_the_server_and_the_session_lives_on(string sql)
    {
        await using var session = await WireServer.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();

        var running = session.QueryRowsAsync(sql, cancel.Token);
        await UntilRunningAsync(session.ConnectionId);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Soon);
        Assert.False(session.IsBroken);
        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_cancel_at_any_moment_never_hits_the_next_statement()
    {
        await using var session = await WireServer.ConnectAsync();
        var random = new Random(7);
        int cancelled = 0;
        for (int i = 0; i < 60; i++)
        {
            using var cancel = new CancellationTokenSource();
            cancel.CancelAfter(TimeSpan.FromMicroseconds(random.Next(0, 4000)));
            try
            {
                await session.QueryRowsAsync("SELECT SLEEP(0.002)", cancel.Token);
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }

            Assert.Equal("0", await session.ScalarAsync("SELECT SLEEP(0.001)"));
        }

        Assert.False(session.IsBroken);
        Assert.InRange(cancelled, 1, 60);
    }

    [Fact]
    public async Task Cancelling_between_rows_ends_the_result_set()
    {
        await using var session = await WireServer.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        await using (var result = await session.QueryAsync("SELECT REPEAT('x', 1000) FROM information_schema.columns a, information_schema.columns b", cancel.Token))
        {
            Assert.True(await result.ReadAsync(cancel.Token));
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await result.ReadAsync(cancel.Token));
            Assert.False(await result.ReadAsync(CancellationToken.None));
        }

        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_cancelled_load_is_killed_and_the_session_lives_on()
    {
        await using var session = await WireServer.ConnectAsync();
        string table = await LoadLocalTests.TableAsync(session);
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.LoadLocalAsync(LoadLocalTests.Load(table), async (stream, token) =>
        {
            for (int i = 0; ; i++)
            {
                LoadLocalTests.Write(stream, $"{i}\tvalue\n");
                await stream.FlushAsync(token);
                if (i == 1000)
                {
                    await cancel.CancelAsync();
                }
            }
        }, cancel.Token));

        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task Waiting_for_a_lock_ends_when_cancelled()
    {
        await using var holder = await WireServer.ConnectAsync();
        await using var waiter = await WireServer.ConnectAsync();
        string table = await LoadLocalTests.TableAsync(holder);
        await holder.ExecuteAsync($"INSERT INTO {table} VALUES (1, 'a')");
        await holder.ExecuteAsync($"START TRANSACTION");
        await holder.ExecuteAsync($"UPDATE {table} SET v = 'b'");
        using var cancel = new CancellationTokenSource();

        var running = waiter.ExecuteAsync($"UPDATE {table} SET v = 'c'", cancel.Token);
        await UntilRunningAsync(waiter.ConnectionId);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("b", await holder.ScalarAsync($"SELECT v FROM {table}"));
    }

    private static async Task UntilRunningAsync(uint connectionId)
    {
        await using var observer = await WireServer.ConnectAsync();
        await WaitFor.ConditionAsync(
            async _ => await observer.ScalarAsync($"SELECT COUNT(*) FROM performance_schema.processlist WHERE id = {connectionId} AND command = 'Query'") == "1",
            Soon, "the statement to run", CancellationToken.None);
    }
}
