using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Engine.Tests.Alerts;

public class AlertRulesTests
{
    [Fact]
    public void A_failure_is_told_once_and_once_that_it_is_over()
    {
        var rules = new AlertRules(new AlertOptions { OnFailure = true }, []);

        Assert.Empty(Look(rules, "FullCopy"));
        Assert.Equal(["Failure Fired"], Look(rules, "Failed"));
        Assert.Empty(Look(rules, "Failed"));
        Assert.Empty(Look(rules, "Prechecking"));
        Assert.Equal(["Failure Cleared"], Look(rules, "Replicating"));
        Assert.Empty(Look(rules, "Replicating"));
    }

    [Fact]
    public void What_an_earlier_run_has_told_is_not_told_again()
    {
        var rules = new AlertRules(new AlertOptions { OnFailure = true }, ["Failure"]);

        Assert.Empty(Look(rules, "Failed"));
        Assert.Equal(["Failure Cleared"], Look(rules, "CatchingUp"));
        Assert.Empty(rules.Fired);
    }

    [Fact]
    public void A_lag_fires_when_it_stays_and_clears_at_half()
    {
        var rules = new AlertRules(new AlertOptions { LagSeconds = 60 }, []);

        // A peak of one look is none; neither does a lag around the threshold flutter.
        Assert.Equal([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], new double?[] { 100, 10, 61, 62, null, 63, 59, 61, 31, null, 30, 0 }.Select(lag => Look(rules, "Replicating", lag).Length));
    }

    [Fact]
    public void A_copy_that_takes_too_long_is_told_until_it_is_done()
    {
        var rules = new AlertRules(new AlertOptions { FullMigrationMinutes = 10 }, []);

        Assert.Empty(Look(rules, "FullCopy", minutes: 10));
        Assert.Equal(["FullMigrationTime Fired"], Look(rules, "FullCopy", minutes: 11));
        Assert.Empty(Look(rules, "Retrying", minutes: 12));
        Assert.Equal(["FullMigrationTime Cleared"], Look(rules, "CatchingUp", done: 1, minutes: 12));
        Assert.Empty(Look(rules, "Replicating", done: 1, minutes: 12));
    }

    [Fact]
    public void Without_a_rule_nothing_is_told()
    {
        var rules = new AlertRules(AlertOptions.None, []);

        Assert.Empty(Look(rules, "Failed", 9999, minutes: 9999));
    }

    private static string[] Look(AlertRules rules, string state, double? lag = null, int done = 0, double minutes = 0) =>
    [
        .. rules.Look(new MigrationStatus { Name = "shop", State = state, LagSeconds = lag, TablesDone = done, TablesTotal = 1 }, TimeSpan.FromMinutes(minutes))
            .Select(alert => $"{alert.Rule} {alert.Status}"),
    ];
}
