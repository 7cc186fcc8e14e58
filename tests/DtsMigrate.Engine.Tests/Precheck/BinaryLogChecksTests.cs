using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Schema;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class BinaryLogChecksTests
{
    private static readonly ServerVersion Nine = new(9, 7, 4, "9.7.4");

    [Theory]
    [InlineData(30, 1, false, "Passed")]
    [InlineData(7, 0, false, "Passed")]
    [InlineData(3, 0, false, "Warning")]
    [InlineData(10, 6, false, "Warning")]
    [InlineData(5, 6, false, "Failed")]
    [InlineData(5, 6, true, "Warning")]
    public void Retention_is_measured_by_the_estimated_time_of_the_copy(int keptDays, int copyDays, bool spooled, string outcome)
    {
        var finding = BinlogRetentionCheck.Judge(TimeSpan.FromDays(keptDays), TimeSpan.FromDays(copyDays), spooled, Nine);
        Assert.Equal(outcome, finding.Outcome.ToString());
        Assert.Equal(outcome == "Passed", finding.FixSql is null);
    }

    [Fact]
    public void The_sql_for_retention_asks_for_twice_the_copy_and_in_the_words_of_the_version()
    {
        Assert.Equal("SET GLOBAL binlog_expire_logs_seconds = 604800;", BinlogRetentionCheck.Judge(TimeSpan.FromHours(1), TimeSpan.Zero, false, Nine).FixSql);
        Assert.Equal("SET GLOBAL binlog_expire_logs_seconds = 1728000;", BinlogRetentionCheck.Judge(TimeSpan.FromHours(1), TimeSpan.FromDays(10), false, Nine).FixSql);
        Assert.Equal("SET GLOBAL expire_logs_days = 7;", BinlogRetentionCheck.Judge(TimeSpan.FromDays(1), TimeSpan.Zero, false, new ServerVersion(5, 7, 44, "5.7.44")).FixSql);
        Assert.Equal(PrecheckOutcome.Passed, BinlogRetentionCheck.Judge(null, TimeSpan.FromDays(1), false, Nine).Outcome);
    }

    [Fact]
    public void The_copy_is_estimated_by_bytes_and_by_the_throttle_that_is_narrower()
    {
        TableDefinition[] tables = [SampleTables.Table("x") with { EstimatedRows = 1000, EstimatedBytes = 30L << 20, EstimatedIndexBytes = 20L << 20 }];
        Assert.Equal(TimeSpan.FromSeconds(5), CopyEstimate.Of(tables, new TaskOptions()).Duration);
        Assert.Equal(TimeSpan.FromSeconds(100), CopyEstimate.Of(tables, new TaskOptions { Throttle = new ThrottleLimits { FullRowsPerSecond = 10 } }).Duration);
        Assert.Equal(TimeSpan.FromSeconds(30), CopyEstimate.Of(tables, new TaskOptions { Throttle = new ThrottleLimits { FullMegabytesPerSecond = 1 } }).Duration);
    }

    [Theory]
    [InlineData(true, null, "Passed")]
    [InlineData(false, false, "Passed")]
    [InlineData(false, true, "Failed")]
    [InlineData(false, null, "Warning")]
    public void A_replica_that_does_not_log_what_it_receives_is_no_source(bool isOn, bool? isReplica, string outcome) =>
        Assert.Equal(outcome, LogReplicaUpdatesCheck.Judge(isOn, isReplica).Outcome.ToString());

    [Theory]
    [InlineData("", "Passed")]
    [InlineData("PARTIAL_JSON", "Passed")]
    [InlineData("SOMETHING_NEW", "Failed")]
    public void Row_value_options_are_those_that_can_be_read(string options, string outcome) =>
        Assert.Equal(outcome, BinlogRowValueOptionsCheck.Judge(options).Outcome.ToString());

    [Fact]
    public void Compression_and_encryption_of_the_log_are_told() =>
        Assert.Contains("use TLS", BinlogCompressionCheck.Judge(isCompressed: true, isEncrypted: true).Message, StringComparison.Ordinal);
}
