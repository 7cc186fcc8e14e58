using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class EventQueueTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Events_come_out_in_order_and_a_full_queue_makes_the_writer_wait()
    {
        var queue = new EventQueue(10_000);
        int written = 0;
        var writer = Task.Run(async () =>
        {
            for (uint i = 0; i < 100; i++)
            {
                await queue.WriteAsync(Event(i, 1000), CancellationToken.None);
                Interlocked.Increment(ref written);
            }
        });

        for (uint i = 0; i < 100; i++)
        {
            BinlogEvent? next;
            while (!queue.TryRead(out next))
            {
                await queue.WaitAsync(Limit, TimeProvider.System, CancellationToken.None);
            }

            Assert.Equal(i, next.Header.Timestamp);

            // 8 events of 1,256 bytes are below the limit and 9 are not: at most one is on its way besides.
            Assert.InRange(Volatile.Read(ref written), 0, (int)i + 11);
        }

        await writer.WaitAsync(Limit);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public async Task An_event_larger_than_the_limit_passes()
    {
        var queue = new EventQueue(100);
        await queue.WriteAsync(Event(1, 1_000_000), CancellationToken.None).AsTask().WaitAsync(Limit);
        var second = queue.WriteAsync(Event(2, 10), CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        Assert.True(queue.TryRead(out _));
        await second.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_failure_comes_after_the_events_before_it()
    {
        var queue = new EventQueue(100_000);
        await queue.WriteAsync(Event(1, 10), CancellationToken.None);
        queue.Complete(new InvalidOperationException("gone"));
        await queue.WaitAsync(Limit, TimeProvider.System, CancellationToken.None);
        Assert.True(queue.TryRead(out _));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => queue.WaitAsync(Limit, TimeProvider.System, CancellationToken.None));
        Assert.Equal("gone", failure.Message);
    }

    [Fact]
    public async Task A_wait_ends_with_its_time_and_with_its_token()
    {
        var queue = new EventQueue(100);
        await queue.WaitAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None).WaitAsync(Limit);
        using var stop = new CancellationTokenSource();
        var waiting = queue.WaitAsync(Limit, TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static HeartbeatEvent Event(uint number, uint length) =>
        new() { Header = new BinlogEventHeader(number, 27, 1, length, 0, 0), End = new BinlogCoordinate("b.1", number) };
}
