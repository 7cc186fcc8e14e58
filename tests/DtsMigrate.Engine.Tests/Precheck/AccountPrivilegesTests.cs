using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Privileges;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class AccountPrivilegesTests
{
    [Fact]
    public void Global_grants_hold_everywhere_and_dynamic_ones_are_read()
    {
        var account = Account(
            "GRANT SELECT, REPLICATION SLAVE, CREATE TEMPORARY TABLES ON *.* TO `u`@`%` WITH GRANT OPTION",
            "GRANT BACKUP_ADMIN,FLUSH_TABLES ON *.* TO `u`@`%`",
            "GRANT PROXY ON ``@`` TO `u`@`%` WITH GRANT OPTION",
            "GRANT `r`@`%` TO `u`@`%`");
        Assert.True(account.HasGlobally("REPLICATION SLAVE"));
        Assert.True(account.HasGlobally("FLUSH_TABLES"));
        Assert.False(account.HasGlobally("INSERT"));
        Assert.True(account.HasOnTable("SELECT", new QualifiedName("a", "b")));
        Assert.False(account.HasOnDatabase("INSERT", "a"));
    }

    [Theory]
    [InlineData(@"GRANT SELECT ON `a\_b`.* TO `u`@`%`", "a_b", true)]
    [InlineData(@"GRANT SELECT ON `a\_b`.* TO `u`@`%`", "axb", false)]
    [InlineData("GRANT SELECT ON `a_b`.* TO `u`@`%`", "axb", true)]
    [InlineData("GRANT SELECT ON `a%`.* TO `u`@`%`", "a", true)]
    [InlineData("GRANT SELECT ON `a%z`.* TO `u`@`%`", "abcz", true)]
    [InlineData("GRANT SELECT ON `a%z`.* TO `u`@`%`", "abc", false)]
    [InlineData("GRANT ALL PRIVILEGES ON `TO`.* TO 'u'@'%' IDENTIFIED BY PASSWORD 'x'", "TO", true)]
    [InlineData("GRANT SELECT ON `a``b`.* TO `u`@`%`", "a`b", true)]
    [InlineData("GRANT USAGE ON *.* TO `u`@`%`", "a", false)]
    public void Database_grants_are_patterns(string grant, string database, bool expected) =>
        Assert.Equal(expected, Account(grant).HasOnDatabase("SELECT", database));

    [Theory]
    [InlineData("GRANT `r``1`@`%`,`s`@`10.%` TO `u`@`%`", "`r``1`@`%` `s`@`10.%`")]
    [InlineData("GRANT `r`@`%` TO `u`@`%` WITH ADMIN OPTION", "`r`@`%`")]
    [InlineData("GRANT SELECT ON `r`.* TO `u`@`%`", "")]
    [InlineData("GRANT NONE TO", "")]
    [InlineData("REVOKE `r`@`%` FROM `u`@`%`", "")]
    public void Roles_are_read_from_the_lines_that_grant_them(string line, string roles) =>
        Assert.Equal(roles, string.Join(' ', AccountPrivileges.RolesOf(line)));

    [Fact]
    public void Only_the_most_specific_database_grant_counts_and_further_grants_join_it()
    {
        var account = Account(@"GRANT SELECT ON `a_b`.* TO `u`@`%`", "GRANT DELETE ON `a%`.* TO `u`@`%`", @"GRANT INSERT ON `a\_c`.* TO `u`@`%`");
        Assert.True(account.HasOnDatabase("SELECT", "a_b"));
        Assert.False(account.HasOnDatabase("DELETE", "a_b"));
        Assert.False(account.HasOnDatabase("DELETE", "a_c"));
        Assert.True(account.HasOnDatabase("DELETE", "axyz"));
        Assert.Equal("`a_b`", account.NameForGrant("a_b"));
        Assert.Equal(@"`a\_c`", account.NameForGrant("a_c"));
        Assert.Equal(@"`x\_\%`", account.NameForGrant("x_%"));
    }

    [Fact]
    public void With_partial_revokes_names_are_plain_and_revokes_take_away()
    {
        var account = new AccountPrivileges(
            "'v'@'%'", ["GRANT SELECT, INSERT ON *.* TO `v`@`%`", "GRANT DELETE ON `a_b`.* TO `v`@`%`", "REVOKE INSERT ON `d`.* FROM `v`@`%`"], hasPatterns: false, StringComparer.Ordinal);
        Assert.False(account.HasOnDatabase("INSERT", "d"));
        Assert.True(account.HasOnDatabase("INSERT", "e"));
        Assert.True(account.HasOnDatabase("SELECT", "d"));
        Assert.False(account.HasOnDatabase("DELETE", "axb"));
        Assert.True(account.HasOnDatabase("DELETE", "a_b"));
    }

    [Fact]
    public void Table_grants_hold_for_the_table_and_column_grants_do_not()
    {
        var account = Account("GRANT SELECT (`a`, `b`), UPDATE ON `d`.`t` TO `u`@`%`", "GRANT EXECUTE ON PROCEDURE `d`.`t` TO `u`@`%`");
        Assert.True(account.HasOnTable("UPDATE", new QualifiedName("d", "t")));
        Assert.False(account.HasOnTable("SELECT", new QualifiedName("d", "t")));
        Assert.False(account.HasOnTable("EXECUTE", new QualifiedName("d", "t")));
        Assert.False(account.HasOnDatabase("UPDATE", "d"));
    }

    [Fact]
    public void What_is_missing_becomes_one_grant_per_object()
    {
        var missing = new MissingPrivileges(Account("GRANT SELECT ON `d`.* TO `u`@`%`"));
        missing.RequireGlobally("REPLICATION CLIENT", "SUPER");
        missing.RequireOnDatabase("a_b", "CREATE", "DROP");
        missing.RequireOnDatabase("d", "SELECT");
        missing.RequireOnTable(new QualifiedName("d", "t"), "SELECT", "INSERT");
        var finding = missing.ToFinding("source", "the test");
        Assert.Equal(PrecheckOutcome.Failed, finding.Outcome);
        Assert.Equal(@"GRANT REPLICATION CLIENT ON *.* TO 'u'@'%'; GRANT CREATE, DROP ON `a\_b`.* TO 'u'@'%'; GRANT INSERT ON `d`.`t` TO 'u'@'%';", finding.FixSql);
        Assert.Equal(PrecheckOutcome.Passed, new MissingPrivileges(Account()).ToFinding("source", "the test").Outcome);
    }

    private static AccountPrivileges Account(params string[] grants) => new("'u'@'%'", grants, hasPatterns: true, StringComparer.Ordinal);
}
