using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Engine.Tests.Progress;

public class RateMeterTests
{
    [Fact]
    public void The_first_observation_is_no_growth()
    {
        var meter = new RateMeter();
        meter.Observe(TimeSpan.Zero, 1_000_000);

        Assert.Equal(0, meter.PerSecond);
    }

    [Fact]
    public void Steady_growth_is_its_rate()
    {
        var meter = new RateMeter();
        for (int second = 0; second <= 5; second++)
        {
            meter.Observe(TimeSpan.FromSeconds(second), 1_000_000 + (second * 250));
        }

        Assert.Equal(250, meter.PerSecond, 6);
    }

    [Fact]
    public void Bursts_are_smoothed()
    {
        var meter = new RateMeter();
        for (int second = 0; second <= 60; second++)
        {
            meter.Observe(TimeSpan.FromSeconds(second), second / 4 * 4000);
        }

        Assert.InRange(meter.PerSecond, 750, 1250);
    }

    [Fact]
    public void A_stop_is_seen_within_a_minute_and_ends_at_zero()
    {
        var meter = new RateMeter();
        meter.Observe(TimeSpan.Zero, 0);
        meter.Observe(TimeSpan.FromSeconds(1), 1000);
        for (int second = 2; second <= 60; second++)
        {
            meter.Observe(TimeSpan.FromSeconds(second), 1000);
        }

        Assert.InRange(meter.PerSecond, 0, 5);
        meter.Observe(TimeSpan.FromMinutes(5), 1000);
        Assert.Equal(0, meter.PerSecond);
    }

    [Fact]
    public void A_counter_that_starts_anew_is_not_negative_growth()
    {
        var meter = new RateMeter();
        meter.Observe(TimeSpan.Zero, 0);
        meter.Observe(TimeSpan.FromSeconds(1), 1000);
        meter.Observe(TimeSpan.FromSeconds(2), 0);

        Assert.InRange(meter.PerSecond, 0, 1000);
    }
}
