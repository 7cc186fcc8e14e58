using DtsMigrate.Engine.Faults;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Faults;

public class AutoRecoveryTests
{
    private readonly ManualTime _time = new();
    private readonly DtsMigrateException _failure = new("RowConflict", "x");

    [Fact]
    public void Without_days_a_task_stays_failed() => Assert.Null(new AutoRecovery(0, _time).Next(_failure, 1));

    [Fact]
    public void It_tries_ever_more_seldom_for_the_days_allowed()
    {
        var recovery = new AutoRecovery(2, _time);
        DateTimeOffset start = _time.GetUtcNow();
        var delays = new List<double>();
        while (recovery.Next(_failure, 5) is { } next)
        {
            Assert.Equal(start.AddDays(2), next.Ends);
            delays.Add(next.Delay.TotalSeconds);
            _time.Advance(next.Delay);
        }

        Assert.Equal([10, 20, 40, 80], delays.Take(4));
        Assert.Equal(900, delays[^1]);
        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromDays(2), TimeSpan.FromDays(2) + TimeSpan.FromMinutes(15));
    }

    [Fact]
    public void Progress_starts_the_days_anew()
    {
        var recovery = new AutoRecovery(1, _time);
        for (int progress = 0; progress < 5; progress++)
        {
            Assert.Equal(10, recovery.Next(_failure, progress)!.Value.Delay.TotalSeconds);
            _time.Advance(TimeSpan.FromHours(23));
        }

        Assert.NotNull(recovery.Next(_failure, 4));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null(recovery.Next(_failure, 4));
    }

    [Theory]
    [InlineData("LeaseLost")]
    [InlineData("LeaseHeld")]
    [InlineData("TaskDefinitionChanged")]
    public void What_belongs_to_another_worker_is_left_alone(string code)
    {
        var recovery = new AutoRecovery(7, _time);
        Assert.Null(recovery.Next(new DtsMigrateException(code, "x"), 1));
        Assert.Null(recovery.Next(new InvalidOperationException("y", new DtsMigrateException(code, "x")), 1));
        Assert.Null(recovery.Next(new OperationCanceledException(), 1));
    }
}
