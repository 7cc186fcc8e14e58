using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Engine.Tests.Progress;

public class EtaEstimatorTests
{
    [Theory]
    [InlineData(1000, 1, 100.0, 10.0)]
    [InlineData(1001, 50, 100.0, 11.0)]
    [InlineData(0, 50, 100.0, null)]
    [InlineData(1000, 50, 0.0, null)]
    [InlineData(1000, 0, 100.0, null)]
    [InlineData(1_000_000, 999, 100.0, null)]
    [InlineData(1_000_000_000, 1_000_000, 0.01, null)]
    public void Copy_time_is_rows_left_over_rate_once_enough_was_seen(long left, long seen, double rate, double? expected) =>
        Assert.Equal(expected, EtaEstimator.ForCopy(left, seen, rate));

    [Fact]
    public void Catch_up_time_is_lag_over_the_speed_at_which_it_shrinks()
    {
        var eta = new EtaEstimator();
        double? last = null;
        for (int second = 0; second <= 30; second++)
        {
            last = eta.ForCatchUp(TimeSpan.FromSeconds(second), 100 - (2 * second));
        }

        Assert.Equal(20, last);
    }

    [Fact]
    public void A_lag_that_grows_has_no_end()
    {
        var eta = new EtaEstimator();
        Assert.Null(eta.ForCatchUp(TimeSpan.Zero, 10));
        Assert.Null(eta.ForCatchUp(TimeSpan.FromSeconds(1), 11));
        Assert.Null(eta.ForCatchUp(TimeSpan.FromSeconds(2), 11));
    }

    [Fact]
    public void Unknown_lag_forgets_what_was_seen()
    {
        var eta = new EtaEstimator();
        eta.ForCatchUp(TimeSpan.Zero, 100);
        Assert.NotNull(eta.ForCatchUp(TimeSpan.FromSeconds(1), 90));
        Assert.Null(eta.ForCatchUp(TimeSpan.FromSeconds(2), null));
        Assert.Null(eta.ForCatchUp(TimeSpan.FromSeconds(3), 80));
    }
}
