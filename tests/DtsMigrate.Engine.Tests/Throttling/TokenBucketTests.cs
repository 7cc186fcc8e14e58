using System.Diagnostics;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tests.Throttling;

public sealed class TokenBucketTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 1)]
    [InlineData(1000, 50)]
    [InlineData(1_000_000, 262_144)]
    [InlineData(5_000_000, 1)]
    public async Task The_rate_over_ten_seconds_is_the_limit(double rate, long portion)
    {
        var time = new AutoTime();
        var bucket = new TokenBucket(time) { Rate = rate };
        portion = Math.Max(portion, (long)(rate / 1000));
        long start = time.GetTimestamp();
        double taken = 0;
        while (time.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
        {
            await bucket.TakeAsync(portion, CancellationToken.None);
            taken += portion;
        }

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        Assert.InRange(taken / seconds, rate * 0.95, rate * 1.05);
    }

    [Fact]
    public void After_a_pause_no_more_than_a_second_s_permits_are_there()
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(time) { Rate = 1000 };
        time.Advance(TimeSpan.FromHours(1));
        int burst = 0;
        while (bucket.TakeAsync(1, CancellationToken.None).AsTask().IsCompleted)
        {
            burst++;
        }

        Assert.InRange(burst, 1, 1000);
    }

    [Fact]
    public void A_new_bucket_is_empty() =>
        Assert.False(new TokenBucket(new ManualTime()) { Rate = 1000 }.TakeAsync(1, CancellationToken.None).AsTask().IsCompleted);

    [Fact]
    public void Without_a_limit_nobody_waits()
    {
        var bucket = new TokenBucket(new ManualTime());

        Assert.True(bucket.TakeAsync(long.MaxValue, CancellationToken.None).AsTask().IsCompleted);
        Assert.False(bucket.IsSlowing);
        Assert.Equal(long.MaxValue, bucket.Portion);
    }

    [Fact]
    public async Task A_large_demand_waits_as_long_as_it_takes_to_earn_it()
    {
        var time = new AutoTime();
        var bucket = new TokenBucket(time) { Rate = 1_000_000 };
        long start = time.GetTimestamp();
        await bucket.TakeAsync(64 << 20, CancellationToken.None);

        Assert.InRange(time.GetElapsedTime(start).TotalSeconds, 67.0, 67.5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_changed_limit_takes_hold_of_those_who_wait_within_two_seconds(double changed)
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(time) { Rate = 1 };
        Task waiting = bucket.TakeAsync(1_000_000, CancellationToken.None).AsTask();
        await AdvanceAsync(time, TimeSpan.FromSeconds(10), waiting);
        Assert.False(waiting.IsCompleted);
        Assert.True(bucket.IsSlowing);

        bucket.Rate = changed;
        await AdvanceAsync(time, TimeSpan.FromSeconds(2), waiting);

        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_lowered_limit_holds_from_then_on()
    {
        var time = new AutoTime();
        var bucket = new TokenBucket(time) { Rate = 1_000_000 };
        await bucket.TakeAsync(500_000, CancellationToken.None);
        bucket.Rate = 100;
        long start = time.GetTimestamp();
        for (int i = 0; i < 200; i++)
        {
            await bucket.TakeAsync(5, CancellationToken.None);
        }

        Assert.InRange(time.GetElapsedTime(start).TotalSeconds, 9.5, 10.5);
    }

    [Fact]
    public async Task Several_who_ask_share_one_limit()
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(time) { Rate = 100 };
        Task[] asking = [.. Enumerable.Range(0, 4).Select(_ => bucket.TakeAsync(100, CancellationToken.None).AsTask())];
        await AdvanceAsync(time, TimeSpan.FromSeconds(2.1), asking);
        Assert.Equal(2, asking.Count(task => task.IsCompleted));

        await AdvanceAsync(time, TimeSpan.FromSeconds(2), asking);
        Assert.All(asking, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        Task waiting = new TokenBucket(new ManualTime()) { Rate = 1 }.TakeAsync(1000, stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Deadline));
    }

    [Fact]
    public async Task It_counts_as_slowing_for_a_moment_after_the_wait()
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(time) { Rate = 100 };
        Assert.False(bucket.IsSlowing);
        Task waiting = bucket.TakeAsync(100, CancellationToken.None).AsTask();
        await AdvanceAsync(time, TimeSpan.FromSeconds(1.1), waiting);
        await waiting.WaitAsync(Deadline);

        Assert.True(bucket.IsSlowing);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(bucket.IsSlowing);
    }

    /// <summary>Lets time pass in small steps, each of which those who wait see.</summary>
    private static async Task AdvanceAsync(ManualTime time, TimeSpan by, params Task[] waiting)
    {
        var step = TimeSpan.FromMilliseconds(50);
        for (TimeSpan passed = TimeSpan.Zero; passed < by; passed += step)
        {
            time.Advance(step);
            long start = Stopwatch.GetTimestamp();
            while (waiting.Count(task => !task.IsCompleted) != time.Timers && Stopwatch.GetElapsedTime(start) < Deadline)
            {
                await Task.Yield();
            }
        }
    }
}
