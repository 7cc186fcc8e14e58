using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class PrecheckIgnoresTests
{
    private static readonly PrecheckResult Failed = new()
    {
        Task = "t",
        Check = "BinlogFilters",
        Category = PrecheckCategory.BinaryLog,
        Outcome = "Failed",
        Target = "source",
        Message = "binlog_do_db is a.",
        CanIgnore = true,
    };

    [Fact]
    public void What_is_ignored_is_recorded_with_who_when_and_why_and_lapses_with_its_evidence()
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Folder("t");
        folder.WritePrecheck(new PrecheckRecord(DateTimeOffset.UnixEpoch, [Failed, Failed with { Target = "other" }]));
        var time = new ManualTime();

        Assert.Equal(2, PrecheckIgnores.Ignore(folder, "binlogfilters", " not our databases ", "ann", time).Count);

        var ignored = PrecheckIgnores.Apply(Failed, folder.ReadIgnores());
        Assert.Equal(("Ignored", "not our databases", "ann", time.GetUtcNow()), (ignored.Outcome, ignored.IgnoredReason, ignored.IgnoredBy, ignored.IgnoredAt!.Value));
        Assert.Equal("Failed", PrecheckIgnores.Apply(Failed with { Message = "binlog_do_db is b." }, folder.ReadIgnores()).Outcome);
        Assert.Equal("Failed", PrecheckIgnores.Apply(Failed with { Check = "BinlogFormat" }, folder.ReadIgnores()).Outcome);
        Assert.Equal("Failed", PrecheckIgnores.Apply(Failed with { CanIgnore = false }, folder.ReadIgnores()).Outcome);

        PrecheckIgnores.Ignore(folder, "BinlogFilters", "again", "bob", time);
        Assert.Equal(2, folder.ReadIgnores().Count);
        Assert.Equal("bob", PrecheckIgnores.Apply(Failed, folder.ReadIgnores()).IgnoredBy);
    }

    [Theory]
    [InlineData("BinlogFilters", " ", "ReasonMissing")]
    [InlineData("BinlogFormat", "why", "NothingToIgnore")]
    [InlineData("SameServer", "why", "NotIgnorable")]
    [InlineData("GtidMode", "why", "NothingToIgnore")]
    public void Only_failed_items_that_do_no_harm_can_be_ignored_and_for_a_reason(string check, string reason, string code)
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Folder("t");
        folder.WritePrecheck(new PrecheckRecord(DateTimeOffset.UnixEpoch, [Failed, Failed with { Check = "SameServer", CanIgnore = false }, Failed with { Check = "GtidMode", Outcome = "Warning" }]));
        Assert.Equal(code, Assert.Throws<DtsMigrateException>(() => PrecheckIgnores.Ignore(folder, check, reason, "ann", new ManualTime())).Code);
        Assert.Empty(folder.ReadIgnores());
    }

    [Fact]
    public void The_success_rate_is_whole_only_when_nothing_blocks()
    {
        PrecheckResult[] results = [.. Enumerable.Repeat(Failed with { Outcome = "Passed" }, 199), Failed, Failed with { Outcome = "Skipped" }, Failed with { Outcome = "Ignored" }, Failed with { Outcome = "Warning" }];
        Assert.Equal(new PrecheckSummary(202, 199, 1, 1, 1, 1), PrecheckSummary.Of(results));
        Assert.Equal(99, PrecheckSummary.Of(results).SuccessPercent);
        Assert.Equal(100, PrecheckSummary.Of([.. results.Where(r => r.Outcome != "Failed")]).SuccessPercent);
        Assert.Equal(0, PrecheckSummary.Of([]).SuccessPercent);
    }
}
