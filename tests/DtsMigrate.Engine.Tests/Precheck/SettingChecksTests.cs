using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class SettingChecksTests
{
    private static readonly ServerVersion Eight = new(8, 0, 36, "8.0.36");

    [Fact]
    public void Differences_of_sql_mode_are_named_by_side_and_removed_modes_are_not_asked_for()
    {
        Assert.Equal(PrecheckOutcome.Passed, SqlModeCheck.Judge("STRICT_TRANS_TABLES,NO_ZERO_DATE", "no_zero_date,STRICT_TRANS_TABLES", Eight).Outcome);
        var removed = SqlModeCheck.Judge("NO_AUTO_CREATE_USER,NO_ZERO_DATE", "NO_ZERO_DATE", Eight);
        Assert.Equal(PrecheckOutcome.Passed, removed.Outcome);
        Assert.Contains("NO_AUTO_CREATE_USER", removed.Message, StringComparison.Ordinal);
        Assert.Equal(PrecheckOutcome.Warning, SqlModeCheck.Judge("NO_AUTO_CREATE_USER", "", new ServerVersion(5, 7, 44, "5.7.44")).Outcome);
        var finding = SqlModeCheck.Judge("ANSI_QUOTES,NO_AUTO_CREATE_USER", "NO_ZERO_DATE", Eight);
        Assert.Contains("only the source has ANSI_QUOTES, only the destination has NO_ZERO_DATE", finding.Message, StringComparison.Ordinal);
        Assert.Equal("SET GLOBAL sql_mode = 'ANSI_QUOTES';", finding.FixSql);
    }

    [Theory]
    [InlineData("SYSTEM", "UTC", "+00:00", "CET", "Passed", null)]
    [InlineData("SYSTEM", "CET", "SYSTEM", "CET", "Passed", null)]
    [InlineData("+02:00", "UTC", "SYSTEM", "UTC", "Warning", "SET GLOBAL time_zone = '+02:00';")]
    [InlineData("SYSTEM", "CET", "SYSTEM", "UTC", "Warning", null)]
    public void Time_zones_are_compared_by_what_is_in_force(string source, string sourceSystem, string destination, string destinationSystem, string outcome, string? fix)
    {
        var finding = TimeZoneCheck.Judge((source, sourceSystem), (destination, destinationSystem));
        Assert.Equal((outcome, fix), (finding.Outcome.ToString(), finding.FixSql));
    }

    [Theory]
    [InlineData(true, true, "Passed", null)]
    [InlineData(false, false, "Passed", null)]
    [InlineData(false, true, "Warning", "SET GLOBAL innodb_strict_mode = OFF;")]
    [InlineData(true, false, "Warning", "SET GLOBAL innodb_strict_mode = ON;")]
    public void Innodb_strict_mode_is_compared(bool source, bool destination, string outcome, string? fix)
    {
        var finding = InnodbStrictModeCheck.Judge(source, destination);
        Assert.Equal((outcome, fix), (finding.Outcome.ToString(), finding.FixSql));
    }

    [Fact]
    public void Explicit_defaults_for_timestamp_are_compared()
    {
        Assert.Equal(PrecheckOutcome.Passed, ExplicitTimestampDefaultsCheck.Judge(false, false).Outcome);
        Assert.Equal("SET GLOBAL explicit_defaults_for_timestamp = OFF;", ExplicitTimestampDefaultsCheck.Judge(false, true).FixSql);
    }

    [Fact]
    public void Steps_of_auto_increment_are_compared()
    {
        Assert.Equal(PrecheckOutcome.Passed, AutoIncrementSettingsCheck.Judge(("1", "1"), ("1", "1")).Outcome);
        Assert.Equal("SET GLOBAL auto_increment_increment = 2, GLOBAL auto_increment_offset = 1;", AutoIncrementSettingsCheck.Judge(("2", "1"), ("1", "1")).FixSql);
    }

    [Fact]
    public void Character_sets_of_the_servers_are_compared_under_their_present_names()
    {
        Assert.Equal(PrecheckOutcome.Passed, DestinationCharacterSetCheck.Judge(("utf8", "utf8_general_ci"), ("utf8mb3", "utf8mb3_general_ci")).Outcome);
        var narrow = DestinationCharacterSetCheck.Judge(("utf8mb4", "utf8mb4_0900_ai_ci"), ("latin1", "latin1_swedish_ci"));
        Assert.Equal(PrecheckOutcome.Warning, narrow.Outcome);
        Assert.Contains("four bytes", narrow.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("four bytes", DestinationCharacterSetCheck.Judge(("latin1", "latin1_bin"), ("utf8mb4", "utf8mb4_bin")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("16384", "16384", "Passed")]
    [InlineData("16384", "8192", "Warning")]
    [InlineData("65536", "16384", "Passed")]
    [InlineData("8192", "16384", "Passed")]
    public void Pages_of_the_destination_are_not_smaller(string source, string destination, string outcome) =>
        Assert.Equal(outcome, PageSizeCheck.Judge(source, destination).Outcome.ToString());

    [Theory]
    [InlineData(0, "OFF", "Passed")]
    [InlineData(1, "ON", "Passed")]
    [InlineData(1, "OFF", "Warning")]
    [InlineData(1, "DISABLED", "Warning")]
    public void Enabled_events_want_a_scheduler(int events, string destination, string outcome)
    {
        var finding = EventSchedulerCheck.Judge(events, "ON", destination);
        Assert.Equal(outcome, finding.Outcome.ToString());
        Assert.Equal(destination == "OFF" && events > 0, finding.FixSql is not null);
    }

    [Theory]
    [InlineData(100, 10, 0, "Passed")]
    [InlineData(100, 90, 0, "Warning")]
    [InlineData(100, 10, 5, "Warning")]
    [InlineData(100, 10, 50, "Passed")]
    public void Connections_that_are_free_are_counted(long most, long open, long mostOfUser, string outcome) =>
        Assert.Equal(outcome, ConnectionLimitsCheck.Judge("source", most, open, mostOfUser, copyThreads: 4).Outcome.ToString());
}
