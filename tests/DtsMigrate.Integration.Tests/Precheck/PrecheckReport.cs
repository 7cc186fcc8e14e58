using DtsMigrate.Engine.Precheck;

namespace DtsMigrate.Integration.Tests.Precheck;

/// <summary>Results of a precheck with assertions that show all of it when they fail.</summary>
internal sealed record PrecheckReport(IReadOnlyList<PrecheckResult> Results)
{
    /// <summary>The single result of an item, which must have this outcome.</summary>
    public PrecheckResult Expect(PrecheckOutcome outcome, string check)
    {
        var found = Results.Where(r => r.Check == check).ToList();
        Assert.True(found.Count == 1 && found[0].Outcome == outcome.ToString(), $"{check} should be {outcome} once.\n{this}");
        return found[0];
    }

    public PrecheckResult Failed(string check) => Expect(PrecheckOutcome.Failed, check);

    public PrecheckResult Warning(string check) => Expect(PrecheckOutcome.Warning, check);

    public PrecheckResult Passed(string check) => Expect(PrecheckOutcome.Passed, check);

    public PrecheckResult Skipped(string check) => Expect(PrecheckOutcome.Skipped, check);

    /// <summary>Nothing but these items failed.</summary>
    public void FailsOnly(params string[] checks) =>
        Assert.True(checks.Order().SequenceEqual(Results.Where(r => r.Outcome == "Failed").Select(r => r.Check).Distinct().Order()), $"Only {string.Join(", ", checks)} should fail.\n{this}");

    public override string ToString() => string.Join('\n', Results.Select(r => $"{r.Outcome} {r.Check} ({r.Target}): {r.Message} | {r.Recommendation} | {r.FixSql}"));
}
