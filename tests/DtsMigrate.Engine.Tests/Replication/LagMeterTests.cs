using DtsMigrate.Engine.Replication;

namespace DtsMigrate.Engine.Tests.Replication;

public class LagMeterTests
{
    private const long Second = 1_000_000;

    private readonly LagMeter _meter = new();

    [Fact]
    public void It_is_unknown_before_anything_is_applied() => Assert.Null(_meter.Observe(100 * Second, isCaughtUp: false));

    [Fact]
    public void It_is_the_age_of_the_last_applied_transaction_while_behind()
    {
        _meter.Applied(90 * Second);
        _meter.Applied(0);
        Assert.Equal(10, _meter.Observe(100 * Second, isCaughtUp: false));
    }

    [Fact]
    public void It_is_zero_when_all_is_applied_however_old_that_is()
    {
        _meter.Applied(1 * Second);
        Assert.Equal(0, _meter.Observe(100 * Second, isCaughtUp: true));
    }

    [Fact]
    public void A_new_transaction_after_an_idle_hour_is_not_an_hour_behind()
    {
        _meter.Applied(1 * Second);
        _meter.Observe(3600 * Second, isCaughtUp: true);
        Assert.Equal(1, _meter.Observe(3601 * Second, isCaughtUp: false));
        _meter.Applied(3602 * Second);
        Assert.Equal(0, _meter.Observe((3602 * Second) - 1, isCaughtUp: false));
    }
}
