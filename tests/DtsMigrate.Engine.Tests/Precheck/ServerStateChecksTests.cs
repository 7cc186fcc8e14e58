using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class ServerStateChecksTests
{
    [Fact]
    public void Space_is_judged_by_what_is_free_where_that_is_known()
    {
        var copy = new CopyEstimate(10, 8L << 30, 4L << 30, TimeSpan.FromHours(1));
        var enough = DestinationSpaceCheck.Judge(copy, isLogged: false, free: 15L << 30);
        Assert.Equal(PrecheckOutcome.Passed, enough.Outcome);
        Assert.Contains("about 15 GiB", enough.Message, StringComparison.Ordinal);
        var full = DestinationSpaceCheck.Judge(copy, isLogged: true, free: 22L << 30);
        Assert.Equal(PrecheckOutcome.Failed, full.Outcome);
        Assert.Contains("about 23 GiB", full.Message, StringComparison.Ordinal);
        Assert.Contains("22 GiB free", full.Message, StringComparison.Ordinal);
        Assert.Equal(full.Evidence, DestinationSpaceCheck.Judge(copy with { DataBytes = copy.DataBytes + 1 }, true, 22L << 30).Evidence);
        var unknown = DestinationSpaceCheck.Judge(copy, isLogged: false, free: null);
        Assert.Equal(PrecheckOutcome.Warning, unknown.Outcome);
        Assert.Contains("SQL does not show", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(PrecheckOutcome.Skipped, DestinationSpaceCheck.Judge(copy with { DataBytes = 1 << 20, IndexBytes = 0 }, false, null).Outcome);
    }

    [Fact]
    public void The_disk_is_looked_at_only_where_the_folder_is_the_servers_own()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Assert.Null(DestinationDisk.Free(folder, "11111111-aaaa-bbbb-cccc-222222222222"));
            File.WriteAllText(Path.Combine(folder, "auto.cnf"), "[auto]\nserver-uuid=11111111-aaaa-bbbb-cccc-222222222222\n");
            Assert.True(DestinationDisk.Free(folder, "11111111-AAAA-bbbb-cccc-222222222222") > 0);
            Assert.Null(DestinationDisk.Free(folder, "33333333-aaaa-bbbb-cccc-222222222222"));
            Assert.Null(DestinationDisk.Free("relative", "x"));
            Assert.Null(DestinationDisk.Free(string.Empty, "x"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Locks_are_named_by_thread_the_oldest_first_and_time_alone_is_no_other_evidence()
    {
        Assert.Equal(PrecheckOutcome.Passed, MetadataLocksCheck.Judge([]).Outcome);
        var finding = MetadataLocksCheck.Judge([("d.t", "EXCLUSIVE", true, 7, "app", 3), ("all tables", "SHARED", false, 8, "backup", 60)]);
        Assert.Equal(PrecheckOutcome.Warning, finding.Outcome);
        Assert.Contains("thread 8 (backup) holds SHARED on all tables for 60 s, thread 7 (app) waits for EXCLUSIVE on d.t for 3 s", finding.Message, StringComparison.Ordinal);
        Assert.Equal(finding.Evidence, MetadataLocksCheck.Judge([("d.t", "EXCLUSIVE", true, 7, "app", 4), ("all tables", "SHARED", false, 8, "backup", 61)]).Evidence);
        Assert.NotEqual(finding.Evidence, MetadataLocksCheck.Judge([("d.t", "EXCLUSIVE", true, 9, "app", 3)]).Evidence);
    }

    [Fact]
    public void Tables_of_another_task_block_while_it_runs_and_warn_while_it_could_be_resumed()
    {
        Assert.Equal("Passed", Assert.Single(OtherTasksCheck.Judge([("old", "d.t", true, TimeSpan.Zero)])).Outcome.ToString());
        var findings = OtherTasksCheck.Judge([("runs", "d.a", false, TimeSpan.FromSeconds(2)), ("runs", "d.b", false, TimeSpan.FromSeconds(2)), ("rests", "d.a", false, TimeSpan.FromHours(1))]);
        Assert.Equal([PrecheckOutcome.Failed, PrecheckOutcome.Warning], findings.Select(f => f.Outcome));
        Assert.Contains("d.a, d.b", findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_without_a_primary_key_need_the_right_to_leave_it_out_where_one_is_required()
    {
        Assert.Equal(PrecheckOutcome.Passed, PrimaryKeyRequiredCheck.Judge([], false, true, "").Outcome);
        Assert.Equal(PrecheckOutcome.Passed, PrimaryKeyRequiredCheck.Judge(["d.t"], true, true, "'u'@'%'").Outcome);
        Assert.Equal("GRANT SESSION_VARIABLES_ADMIN ON *.* TO 'u'@'%';", PrimaryKeyRequiredCheck.Judge(["d.t"], true, false, "'u'@'%'").FixSql);
    }

    [Theory]
    [InlineData(5, 7, "utf8mb4_0900_ai_ci", true, true, "default_collation_for_utf8mb4=utf8mb4_general_ci")]
    [InlineData(5, 7, "utf8mb4_general_ci", true, true, null)]
    [InlineData(5, 7, "", true, true, null)]
    [InlineData(5, 7, "", false, true, "explicit_defaults_for_timestamp=0")]
    [InlineData(8, 1, "utf8mb4_0900_ai_ci", true, true, null)]
    [InlineData(8, 1, "utf8mb4_0900_ai_ci", true, false, "explicit_defaults_for_timestamp=1")]
    public void What_ddl_of_the_source_needs_set_is_known_before(int major, int minor, string collation, bool here, bool there, string? expected) =>
        Assert.Equal(expected, SessionSettingsCheck.ForDdl(new ServerVersion(major, minor, 0, string.Empty), collation, here, there));

    [Fact]
    public void A_group_refuses_tables_that_it_cannot_certify_and_small_limits_are_told()
    {
        Assert.Equal(PrecheckOutcome.Passed, Assert.Single(GroupReplicationCheck.Judge([], [], [], null, true)).Outcome);
        var refused = GroupReplicationCheck.Judge(["d.nokey"], ["d.myisam"], ["d.child"], 2_000_000, true);
        Assert.Equal([PrecheckOutcome.Failed, PrecheckOutcome.Failed, PrecheckOutcome.Failed, PrecheckOutcome.Warning], refused.Select(f => f.Outcome));
        Assert.Equal(["d.nokey", "d.myisam", "d.child", "destination"], refused.Select(f => f.Target));
        Assert.Contains("2,000,000 bytes", refused[3].Message, StringComparison.Ordinal);
        Assert.Equal(PrecheckOutcome.Passed, Assert.Single(GroupReplicationCheck.Judge([], [], [], 150_000_000, true)).Outcome);
        Assert.Equal("The destination is a group, and takes all selected tables.", Assert.Single(GroupReplicationCheck.Judge([], [], [], 2_000_000, false)).Message);
    }

    [Fact]
    public void What_may_not_be_seen_is_skipped_with_the_grant_that_is_missing()
    {
        var finding = Unseen.Of("source", "It cannot be seen.", "PROCESS ON *.*", "'u'@'%'");
        Assert.Equal(PrecheckOutcome.Skipped, finding.Outcome);
        Assert.Equal("It cannot be seen. Missing: PROCESS ON *.*.", finding.Message);
        Assert.Equal("GRANT PROCESS ON *.* TO 'u'@'%';", finding.FixSql);
    }
}
