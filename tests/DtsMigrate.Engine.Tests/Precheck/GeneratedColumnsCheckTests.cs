using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Schema.Generated;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Precheck;

/// <summary>What the precheck says of generated values that depend on the session.</summary>
public sealed class GeneratedColumnsCheckTests
{
    private static readonly QualifiedName Table = new("shop", "t");
    private static readonly GeneratedValue Day = new("`day`", "day", true, "(cast(`ts` as date))", SessionInputs.TimeZone);
    private static readonly GeneratedValue Index = new("`k`", null, false, "(cast(`ts` as date))", SessionInputs.TimeZone);
    private static readonly GeneratedValue Today = new("`g`", "g", true, "(`t`)", SessionInputs.CurrentDate);
    private static readonly GeneratedValue Month = new("`m`", "m", true, "(monthname(`d`))", SessionInputs.LocaleNames);

    [Fact]
    internal void A_source_in_another_zone_is_refused_with_the_way_to_look()
    {
        var finding = Assert.Single(Judge(isUtc: false, Day, Month));
        Assert.Equal((PrecheckOutcome.Failed, "shop.t"), (finding.Outcome, finding.Target));
        Assert.Contains("the session's time zone goes into the generated column `day` (cast(`ts` as date))", finding.Message, StringComparison.Ordinal);
        Assert.Contains("-GeneratedColumns Recompute", finding.Recommendation, StringComparison.Ordinal);
        Assert.Contains("SET time_zone='+00:00'; SELECT * FROM `shop`.`t` WHERE NOT (`day` <=> (cast(`ts` as date)));", finding.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    internal void A_source_in_UTC_is_warned_but_for_the_day() => Assert.Multiple(
        () => Assert.Equal(PrecheckOutcome.Warning, Assert.Single(Judge(isUtc: true, Day)).Outcome),
        () => Assert.Equal(PrecheckOutcome.Failed, Assert.Single(Judge(isUtc: true, Day, Today)).Outcome));

    [Fact]
    internal void What_the_task_asks_for_is_a_warning()
    {
        var finding = Assert.Single(Judge(false, GeneratedColumnPolicy.Recompute, [], Index, Today));
        Assert.Equal(PrecheckOutcome.Warning, finding.Outcome);
        Assert.Contains("the expression of index `k`", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    internal void Settings_that_differ_are_refused_where_they_matter()
    {
        Assert.Equal(PrecheckOutcome.Passed, Assert.Single(Judge(isUtc: false, Month)).Outcome);
        Assert.Equal(PrecheckOutcome.Passed, Assert.Single(Judge(false, GeneratedColumnPolicy.Exact, [(SessionInputs.DivisionPrecision, "div_precision_increment")], Month)).Outcome);
        var finding = Assert.Single(Judge(false, GeneratedColumnPolicy.Exact, [(SessionInputs.LocaleNames, "lc_time_names")], Month));
        Assert.Equal((PrecheckOutcome.Failed, "lc_time_names"), (finding.Outcome, finding.Target));
        Assert.Contains("shop.t: `m` (monthname(`d`))", finding.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Judge(bool isUtc, params GeneratedValue[] values) => Judge(isUtc, GeneratedColumnPolicy.Exact, [], values);

    private static IReadOnlyList<Finding> Judge(bool isUtc, GeneratedColumnPolicy policy, IReadOnlyList<(SessionInputs Input, string Variable)> differing, params GeneratedValue[] values) =>
        GeneratedColumnsCheck.Judge([.. values.Select(v => (Table, v))], isUtc, differing, policy);
}
