using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.FullCopy;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Throttling;

public sealed class ThrottleTests
{
    [Fact]
    public async Task Rows_are_charged_as_they_are_pumped()
    {
        var time = new AutoTime();
        var throttle = new Throttle(new ThrottleLimits { FullRowsPerSecond = 1000 }, time);
        long start = time.GetTimestamp();
        await new RowPump([false], throttle.Full).RunAsync(new RepeatedRow([2, (byte)'a', (byte)'b'], 10_000), new DiscardingWriter(), long.MaxValue, CancellationToken.None);

        Assert.InRange(time.GetElapsedTime(start).TotalSeconds, 9.9, 10.1);
        Assert.Contains("1,000 rows/s of full", throttle.Reason, StringComparison.Ordinal);

        // No wait is longer than servers bear in the middle of a result, however low the limit.
        Assert.All(time.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public async Task Every_pass_of_a_pump_is_charged()
    {
        var time = new AutoTime();
        var throttle = new Throttle(new ThrottleLimits { FullRowsPerSecond = 100 }, time);
        var pump = new RowPump([false], throttle.Full);
        var rows = new RepeatedRow([2, (byte)'a', (byte)'b'], 200);
        long start = time.GetTimestamp();
        do
        {
            pump.Reset();
            await pump.RunAsync(rows, new DiscardingWriter(), 30, CancellationToken.None);
        }
        while (!pump.AtEnd);

        Assert.InRange(time.GetElapsedTime(start).TotalSeconds, 1.9, 2.1);
    }

    [Fact]
    public async Task A_row_of_many_megabytes_is_charged_in_slices()
    {
        var time = new AutoTime();
        var throttle = new Throttle(new ThrottleLimits { FullMegabytesPerSecond = 4 }, time);
        byte[] row = new byte[(64 << 20) + 4];
        row.AsSpan(4).Fill((byte)'x');
        (row[0], row[1], row[2], row[3]) = (254, 0, 0, 0);
        byte[] lengthFirst = [254, .. BitConverter.GetBytes((ulong)(64 << 20)), .. row.AsSpan(4)];
        long start = time.GetTimestamp();
        await new RowPump([false], throttle.Full).RunAsync(new RepeatedRow(lengthFirst, 1), new DiscardingWriter(), long.MaxValue, CancellationToken.None);

        Assert.InRange(time.GetElapsedTime(start).TotalSeconds, 16.7, 17);
        Assert.True(time.Waits.Count > 100);
        Assert.Contains("4 MB/s of full", throttle.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_are_charged_before_they_are_sent()
    {
        var time = new AutoTime();
        var throttle = new Throttle(new ThrottleLimits { FullQueriesPerSecond = 2 }, time);
        long start = time.GetTimestamp();
        await throttle.QueryAsync(CancellationToken.None);

        Assert.InRange(time.GetElapsedTime(start).TotalSeconds, 0.49, 0.51);
        Assert.Contains("2 queries/s to the source", throttle.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_slowed_without_limits() => Assert.Null(new Throttle(ThrottleLimits.None, TimeProvider.System).Reason);

    [Fact]
    public void A_change_leaves_what_it_does_not_name()
    {
        var limits = new ThrottleLimits { FullQueriesPerSecond = 1, FullRowsPerSecond = 2, FullMegabytesPerSecond = 3, IncrementalRowsPerSecond = 4, IncrementalMegabytesPerSecond = 5 };

        Assert.Equal(limits, new ThrottleChange().ApplyTo(limits));
        Assert.Equal(limits with { FullRowsPerSecond = 0, IncrementalMegabytesPerSecond = 9 }, new ThrottleChange { FullRowsPerSecond = 0, IncrementalMegabytesPerSecond = 9 }.ApplyTo(limits));
        Assert.Equal("full 1 queries/s, 2 rows/s, 3 MB/s; incremental 4 rows/s, 5 MB/s", limits.ToString());
        Assert.Equal(string.Empty, ThrottleLimits.None.ToString());
    }

    [Fact]
    public void A_change_out_of_range_names_member_value_and_range()
    {
        var error = Assert.Throws<DtsMigrateException>(new ThrottleChange { IncrementalRowsPerSecond = -1 }.Validate);

        Assert.Equal(("ThrottleOutOfRange", "incrementalRowsPerSecond"), (error.Code, error.Target));
        Assert.Contains("-1", error.Message, StringComparison.Ordinal);
        Assert.Contains($"0 to {TaskOptionRange.IncrementalRowsPerSecond.Maximum}", error.RecommendedAction, StringComparison.Ordinal);
    }
}
