using DtsMigrate.Engine.Precheck;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class PrecheckApprovalsTests : IDisposable
{
    private static readonly PrecheckResult Warning = new()
    {
        Task = "shop",
        Check = "BinlogRetention",
        Category = "BinaryLog",
        Outcome = "Warning",
        Target = "source",
        Message = "3 days are kept.",
    };

    private readonly TemporaryHome _home = new();
    private readonly PrecheckApprovals _approvals;

    public PrecheckApprovalsTests() => _approvals = new PrecheckApprovals(_home.Folder(), new ManualTime());

    public void Dispose() => _home.Dispose();

    [Fact]
    public void An_approved_warning_says_who_when_and_why()
    {
        PrecheckResult approved = _approvals.Approve(Warning, " short migration ");

        Assert.Equal(("Approved", "short migration", $"{Environment.UserName}@{Environment.MachineName}"), (approved.Outcome, approved.ApprovedReason, approved.ApprovedBy));
        Assert.Equal(2030, approved.ApprovedAt!.Value.Year);
        Assert.Equal(approved, _approvals.Apply(Warning));
    }

    [Theory]
    [InlineData("2 days are kept.", "source")]
    [InlineData("3 days are kept.", "destination")]
    public void An_approval_lapses_when_something_else_is_found(string message, string target)
    {
        _approvals.Approve(Warning, "fine");

        Assert.Equal("Warning", _approvals.Apply(Warning with { Message = message, Target = target }).Outcome);
    }

    [Fact]
    public void Several_findings_about_one_target_are_approved_each_by_itself()
    {
        PrecheckResult other = Warning with { Message = "The log is small." };
        _approvals.Approve(Warning, "fine");
        _approvals.Approve(other, "fine, too");

        Assert.Equal(("Approved", "fine"), (_approvals.Apply(Warning).Outcome, _approvals.Apply(Warning).ApprovedReason));
        Assert.Equal("fine, too", _approvals.Apply(other).ApprovedReason);
        _approvals.Deny(_approvals.Apply(other));
        Assert.Equal(("Approved", "Warning"), (_approvals.Apply(Warning).Outcome, _approvals.Apply(other).Outcome));
    }

    [Fact]
    public void Numbers_that_move_by_themselves_are_no_other_evidence()
    {
        PrecheckResult first = Warning with { Message = "Open for 60 s.", Evidence = "thread 7" };
        _approvals.Approve(first, "fine");

        Assert.Equal("Approved", _approvals.Apply(first with { Message = "Open for 61 s." }).Outcome);
        Assert.Equal("Warning", _approvals.Apply(first with { Evidence = "thread 8" }).Outcome);
    }

    [Fact]
    public void A_warning_that_has_become_a_failure_is_not_covered()
    {
        _approvals.Approve(Warning, "fine");

        Assert.Equal("Failed", _approvals.Apply(Warning with { Outcome = "Failed" }).Outcome);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Passed")]
    [InlineData("Skipped")]
    public void Only_warnings_can_be_approved(string outcome) =>
        Assert.Equal("PrecheckNotApprovable", Assert.Throws<DtsMigrateException>(() => _approvals.Approve(Warning with { Outcome = outcome }, "fine")).Code);

    [Fact]
    public void A_reason_is_needed() => Assert.Equal("ReasonMissing", Assert.Throws<DtsMigrateException>(() => _approvals.Approve(Warning, " ")).Code);

    [Fact]
    public void A_second_approval_replaces_the_first_and_can_be_taken_back()
    {
        PrecheckResult approved = _approvals.Approve(_approvals.Approve(Warning, "first"), "second");

        Assert.Equal("second", Assert.Single(_approvals.Read()).Reason);
        Assert.Equal(Warning, _approvals.Deny(approved));
        Assert.Empty(_approvals.Read());
        Assert.Equal(Warning, _approvals.Refresh(approved));
    }

    [Theory]
    [InlineData("Warning", false, false)]
    [InlineData("Warning", true, true)]
    [InlineData("Approved", true, false)]
    [InlineData("Failed", false, true)]
    public void Warnings_block_where_approvals_are_required(string outcome, bool required, bool blocked) =>
        Assert.Equal(blocked, PrecheckBlockedException.IsBlocked([Warning with { Outcome = outcome }], required));

    [Fact]
    public void The_error_of_a_blocking_warning_names_it_and_what_to_do()
    {
        var error = new PrecheckBlockedException([Warning], warningsBlock: true);

        Assert.Contains("BinlogRetention", error.Message, StringComparison.Ordinal);
        Assert.Contains("Approve", error.RecommendedAction, StringComparison.Ordinal);
    }
}
