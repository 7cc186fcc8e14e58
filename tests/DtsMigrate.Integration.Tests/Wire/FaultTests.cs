using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

public sealed class FaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_stalled_network_is_a_read_timeout()
    {
        await using var proxy = FaultProxy.Start(await SharedServers.SourceAsync(None));
        await using var session = await WireServer.ConnectAsync(await OptionsAsync(proxy) with { ReadTimeout = TimeSpan.FromMilliseconds(400) });

        proxy.Stall();
        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => session.PingAsync(None));

        Assert.Equal(("ReadTimeout", true, true), (error.Code, error.IsTransient, session.IsBroken));
    }

    [Fact]
    public async Task A_slow_answer_within_the_limit_is_no_timeout()
    {
        await using var session = await WireServer.ConnectAsync(
            WireServer.Options(await SharedServers.SourceAsync(None)) with { ReadTimeout = TimeSpan.FromSeconds(10) });

        Assert.Equal("0", await session.ScalarAsync("SELECT SLEEP(0.5)"));
        Assert.Equal("0", await session.ScalarAsync("SELECT SLEEP(0.5)"));
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_rows_is_a_lost_connection()
    {
        await using var proxy = FaultProxy.Start(await SharedServers.SourceAsync(None));
        await using var session = await WireServer.ConnectAsync(await OptionsAsync(proxy));
        await using var result = await session.QueryAsync("SELECT REPEAT('x', 1000) FROM information_schema.columns", None);

        var reset = proxy.ResetAfterBytes(ProxyDirection.ToClient, 500_000);
        var error = await Assert.ThrowsAsync<MySqlConnectionException>(async () =>
        {
            while (await result.ReadAsync(None))
            {
                // Until the connection breaks.
            }
        });
        await reset;

        Assert.Equal(("ConnectionLost", true), (error.Code, error.IsTransient));
        Assert.True(session.IsBroken);
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_a_load_is_a_lost_connection()
    {
        await using var proxy = FaultProxy.Start(await SharedServers.SourceAsync(None));
        await using var session = await WireServer.ConnectAsync(await OptionsAsync(proxy));
        string table = await LoadLocalTests.TableAsync(session);
        var reset = proxy.ResetAfterBytes(ProxyDirection.ToServer, 2_000_000);

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => session.LoadLocalAsync(LoadLocalTests.Load(table), async (stream, token) =>
        {
            for (int i = 0; ; i++)
            {
                LoadLocalTests.Write(stream, $"{i}\tvalue\n");
                if (stream.Buffered > 100_000)
                {
                    await stream.FlushAsync(token);
                }
            }
        }, None));
        await reset;

        Assert.Equal("ConnectionLost", error.Code);
    }

    [Fact]
    public async Task A_cancel_over_a_dead_network_ends_within_the_limits_and_breaks_the_session()
    {
        await using var proxy = FaultProxy.Start(await SharedServers.SourceAsync(None));
        await using var session = await WireServer.ConnectAsync(await OptionsAsync(proxy) with { ConnectTimeout = TimeSpan.FromSeconds(2) });
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var running = session.ExecuteAsync("DO SLEEP(60)", cancel.Token);
        proxy.Stall();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.True(session.IsBroken);
    }

    [Fact]
    public async Task A_killed_connection_is_told_and_breaks_the_session()
    {
        await using var session = await WireServer.ConnectAsync();
        await using var killer = await WireServer.ConnectAsync();

        await killer.ExecuteAsync($"KILL {session.ConnectionId}");
        await Assert.ThrowsAnyAsync<DtsMigrateException>(async () =>
        {
            // The kill shows at the first or the second command.
            await session.PingAsync(None);
            await session.PingAsync(None);
        });

        Assert.True(session.IsBroken);
    }

    [Fact]
    public async Task A_slow_destination_holds_the_producer_back()
    {
        await using var proxy = FaultProxy.Start(await SharedServers.SourceAsync(None));
        await using var session = await WireServer.ConnectAsync(await OptionsAsync(proxy));
        string table = await LoadLocalTests.TableAsync(session);
        var line = new string('v', 1000);
        long produced = 0;

        var loading = session.LoadLocalAsync(LoadLocalTests.Load(table), async (stream, token) =>
        {
            for (int i = 0; i < 40_000; i++)
            {
                LoadLocalTests.Write(stream, $"{i}\t{line}\n");
                if (stream.Buffered > 256 << 10)
                {
                    await stream.FlushAsync(token);
                    if (Interlocked.Read(ref produced) == 0)
                    {
                        proxy.Stall();
                    }

                    Interlocked.Exchange(ref produced, (i + 1) * 1000L);
                }
            }
        }, None);
        long held = await StillAsync(() => Interlocked.Read(ref produced));
        Assert.InRange(held, 1, 30_000_000);

        await proxy.NormalAsync(None);
        Assert.Equal(40_000, (await loading).Records);
    }

    /// <summary>Waits until a value does not change for half a second.</summary>
    private static async Task<long> StillAsync(Func<long> value)
    {
        long last = -1;
        await WaitFor.ConditionAsync(
            async token =>
            {
                long before = value();
                await Task.Delay(500, token);
                last = value();
                return last == before && last > 0;
            },
            TimeSpan.FromSeconds(30), "the producer to be held back", None);
        return last;
    }

    private static async Task<MySqlSessionOptions> OptionsAsync(FaultProxy proxy) =>
        WireServer.Options(await SharedServers.SourceAsync(None)) with { Host = proxy.Host, Port = proxy.Port };
}
