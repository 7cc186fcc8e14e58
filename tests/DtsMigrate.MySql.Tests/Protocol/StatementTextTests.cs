using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Tests.Protocol;

public sealed class StatementTextTests
{
    [Theory]
    [InlineData("CREATE USER a IDENTIFIED BY 'hush'")]
    [InlineData("alter user a identified by 'hush'")]
    [InlineData("SET PASSWORD = 'hush'")]
    [InlineData("CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD = 'hush'")]
    [InlineData("CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD 'hush')")]
    public void A_statement_that_could_hold_a_password_is_not_shown(string sql)
    {
        var (statement, message) = StatementText.ForError(sql, "You have an error in your SQL syntax; check near 'BY 'hush'' at line 1");

        Assert.Null(statement);
        Assert.DoesNotContain("hush", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_word_behind_the_shown_part_hides_the_statement_too() =>
        Assert.Null(StatementText.ForError(new string(' ', 500) + "IDENTIFIED", "x").Statement);

    [Fact]
    public void A_long_statement_is_cut()
    {
        var (statement, _) = StatementText.ForError(new string('x', 1000), "m");

        Assert.Equal(new string('x', 200) + "...", statement);
    }
}
