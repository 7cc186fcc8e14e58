using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Schema.Accounts;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Schema.Accounts;

public sealed class GrantLineTests
{
    private static readonly AccountName App = new("app", "%");

    [Theory]
    [InlineData("GRANT USAGE ON *.* TO `app`@`%`", null)]
    [InlineData("GRANT USAGE ON *.* TO `app`@`%` WITH GRANT OPTION", "GRANT USAGE ON *.* TO `app`@`%` WITH GRANT OPTION")]
    [InlineData("GRANT SELECT, INSERT (`a,`, `b`) ON `shop`.`orders` TO `app`@`%` WITH GRANT OPTION", "GRANT SELECT, INSERT (`a,`, `b`) ON `store`.`sales` TO `app`@`%` WITH GRANT OPTION")]
    [InlineData("GRANT ALL PRIVILEGES ON `shop`.* TO 'app'@'%'", "GRANT ALL PRIVILEGES ON `store`.* TO `app`@`%`")]
    [InlineData("GRANT SELECT ON `my\\_shop`.* TO `app`@`%`", "GRANT SELECT ON `my\\_store`.* TO `app`@`%`")]
    [InlineData("GRANT SELECT ON `my_shop`.* TO `app`@`%`", "GRANT SELECT ON `my\\_store`.* TO `app`@`%`")]
    [InlineData("GRANT SELECT ON `sto%`.* TO `app`@`%`", "GRANT SELECT ON `sto%`.* TO `app`@`%`")]
    [InlineData("GRANT EXECUTE, ALTER ROUTINE ON FUNCTION `shop`.`f` TO `app`@`%`", "GRANT EXECUTE, ALTER ROUTINE ON FUNCTION `store`.`f` TO `app`@`%`")]
    [InlineData("GRANT `r1`@`%`,`r 2`@`10.%` TO `app`@`%` WITH ADMIN OPTION", "GRANT `r1`@`%`, `r 2`@`10.%` TO `app`@`%` WITH ADMIN OPTION")]
    [InlineData("GRANT PROXY ON `r1`@`%` TO `app`@`%`", "GRANT PROXY ON `r1`@`%` TO `app`@`%`")]
    [InlineData("REVOKE DELETE ON `shop`.* FROM `app`@`%`", "REVOKE DELETE ON `store`.* FROM `app`@`%`")]
    public void Every_kind_of_grant_is_given_under_the_new_names(string line, string? expected)
    {
        var leftOut = new List<string>();
        Assert.Equal(expected, Planner("GRANT ALL PRIVILEGES ON *.* TO me WITH GRANT OPTION").Plan(GrantLine.Parse(line), App, leftOut));
        Assert.Empty(leftOut);
    }

    [Theory]
    [InlineData("GRANT SELECT, DROP ON `shop`.`orders` TO `app`@`%`", "GRANT SELECT ON `store`.`sales` TO `app`@`%`", "DROP on `store`.`sales`: the destination account does not have it")]
    [InlineData("GRANT SELECT, MAGIC ON *.* TO `app`@`%`", "GRANT SELECT ON *.* TO `app`@`%`", "MAGIC on *.*: the destination does not know it")]
    [InlineData("GRANT SELECT ON `other`.`t` TO `app`@`%`", null, "rights on table other.t: the task does not migrate it")]
    [InlineData("GRANT EXECUTE ON PROCEDURE `other`.`p` TO `app`@`%`", null, "rights on Procedure other.p: the task does not migrate it")]
    [InlineData("GRANT `nobody`@`%` TO `app`@`%`", null, "role `nobody`@`%`: the destination account lacks ROLE_ADMIN")]
    public void What_cannot_be_given_is_left_out_and_said(string line, string? expected, string words)
    {
        var leftOut = new List<string>();
        Assert.Equal(expected, Planner("GRANT SELECT, EXECUTE ON *.* TO me WITH GRANT OPTION").Plan(GrantLine.Parse(line), App, leftOut));
        Assert.Equal([words], leftOut);
    }

    [Fact]
    public void Without_grant_option_nothing_can_be_given()
    {
        var leftOut = new List<string>();
        Assert.Null(Planner("GRANT SELECT ON *.* TO me").Plan(GrantLine.Parse("GRANT SELECT ON *.* TO `app`@`%`"), App, leftOut));
        Assert.Null(Planner("GRANT SELECT ON *.* TO me").Plan(GrantLine.Parse("GRANT USAGE ON *.* TO `app`@`%`"), App, leftOut));
        Assert.Equal(["SELECT on *.*: the destination account may not grant there"], leftOut);
    }

    [Fact]
    public void What_the_destination_account_lacks_comes_as_grants_for_it()
    {
        var planner = Planner("GRANT SELECT ON *.* TO me");
        foreach (string line in (string[])["GRANT SELECT, DROP ON `shop`.* TO `app`@`%`", "GRANT INSERT ON `shop`.* TO `app`@`%`", "GRANT MAGIC ON *.* TO `app`@`%`", "GRANT `r1`@`%` TO `app`@`%`"])
        {
            planner.Plan(GrantLine.Parse(line), App, []);
        }

        Assert.Equal(["GRANT DROP, SELECT, INSERT ON `store`.* TO 'me'@'%' WITH GRANT OPTION;", "GRANT ROLE_ADMIN ON *.* TO 'me'@'%' WITH GRANT OPTION;"], planner.TakeWanted());
        Assert.Empty(planner.TakeWanted());
    }

    [Fact]
    public void Rights_by_a_pattern_that_no_longer_covers_a_renamed_database_are_said_to_be_lost()
    {
        var leftOut = new List<string>();
        Assert.NotNull(Planner("GRANT ALL PRIVILEGES ON *.* TO me WITH GRANT OPTION").Plan(GrantLine.Parse("GRANT SELECT ON `sho%`.* TO `app`@`%`"), App, leftOut));
        Assert.Equal(["rights on database shop by `sho%`: it is store on the destination"], leftOut);
    }

    [Theory]
    [InlineData(true, false, "GRANT SELECT ON `my\\_shop`.* TO `app`@`%`", "GRANT SELECT ON `my_store`.* TO `app`@`%`")]
    [InlineData(true, false, "GRANT SELECT ON `a\\%b`.* TO `app`@`%`", "GRANT SELECT ON `a%b`.* TO `app`@`%`")]
    [InlineData(true, false, "GRANT SELECT ON `a%b`.* TO `app`@`%`", null)]
    [InlineData(false, true, "GRANT SELECT ON `a%b`.* TO `app`@`%`", "GRANT SELECT ON `a\\%b`.* TO `app`@`%`")]
    [InlineData(false, true, "GRANT SELECT ON `my_shop`.* TO `app`@`%`", "GRANT SELECT ON `my\\_store`.* TO `app`@`%`")]
    [InlineData(false, false, "GRANT SELECT ON `a_b`.* TO `app`@`%`", "GRANT SELECT ON `a_b`.* TO `app`@`%`")]
    public void Names_of_databases_are_patterns_only_without_partial_revokes(bool source, bool destination, string line, string? expected)
    {
        var leftOut = new List<string>();
        Assert.Equal(expected, Planner("GRANT ALL PRIVILEGES ON *.* TO me WITH GRANT OPTION", source, destination).Plan(GrantLine.Parse(line), App, leftOut));
        Assert.Equal(expected is null ? ["rights on databases like `a%b`: the destination has partial_revokes ON and takes names by the letter"] : [], leftOut);
    }

    [Fact]
    public void A_global_privilege_of_which_a_part_is_revoked_is_never_given_whole()
    {
        GrantLine[] lines = [GrantLine.Parse("GRANT SELECT, INSERT ON *.* TO `app`@`%`"), GrantLine.Parse("REVOKE SELECT ON `shop`.* FROM `app`@`%`")];
        var leftOut = new List<string>();
        var planner = Planner("GRANT ALL PRIVILEGES ON *.* TO me WITH GRANT OPTION", source: false);
        Assert.Equal(["GRANT INSERT ON *.* TO `app`@`%`"], planner.WithoutNarrowed(lines, leftOut).Select(l => planner.Plan(l, App, leftOut)));
        Assert.Equal(["SELECT on *.*: it is revoked for some databases, which takes partial_revokes ON on the destination"], leftOut);
        Assert.Equal(lines, Planner("GRANT ALL PRIVILEGES ON *.* TO me WITH GRANT OPTION", false, false).WithoutNarrowed(lines, leftOut));
    }

    [Theory]
    [InlineData("*,,", "a", true)]
    [InlineData("*,,", "a b c", true)]
    [InlineData("*", "a b", false)]
    [InlineData("*,*", "a", false)]
    [InlineData("caching_sha2_password", "caching_sha2_password", true)]
    [InlineData("caching_sha2_password,", "auth_socket", false)]
    [InlineData("*:caching_sha2_password,authentication_webauthn", "x authentication_webauthn", true)]
    public void An_account_must_fit_the_authentication_policy(string policy, string plugins, bool fits) =>
        Assert.Equal(fits, AccountSettings.WhyRefused(policy, plugins.Split(' ')) is null);

    [Fact]
    public void Mandatory_roles_are_read_with_and_without_quotes_and_hosts() =>
        Assert.Equal(["`a`@`%`", "`b c`@`10.%`", "`d,e`@`%`"], AccountSettings.RolesOf("a, `b c`@`10.%`,'d,e'"));

    [Fact]
    public void A_line_that_is_not_understood_is_an_error() =>
        Assert.Equal("SqlNotUnderstood", Assert.Throws<DtsMigrateException>(() => GrantLine.Parse("GRANT WHATEVER TO x")).Code);

    [Fact]
    public void Default_roles_are_taken_out_of_create_user_and_credentials_compare_over_versions()
    {
        var ours = AccountDefinition.Create(App, "CREATE USER `app`@`%` IDENTIFIED WITH 'mysql_native_password' AS 0x2A41 DEFAULT ROLE `r`@`%`,`q`@`%` REQUIRE NONE PASSWORD EXPIRE DEFAULT", [], false);
        Assert.Equal("CREATE USER `app`@`%` IDENTIFIED WITH 'mysql_native_password' AS 0x2A41 REQUIRE NONE PASSWORD EXPIRE DEFAULT", ours.CreateSql);
        Assert.Equal("`r`@`%`,`q`@`%`", ours.DefaultRoles);
        Assert.Equal(["mysql_native_password"], ours.Plugins);
        Assert.Equal(AccountDefinition.Create(App, "CREATE USER 'app'@'%' IDENTIFIED WITH 'mysql_native_password' AS '*A' REQUIRE NONE", [], false).Credentials, ours.Credentials);
    }

    private static GrantPlanner Planner(string own, bool source = true, bool destination = true)
    {
        var side = new ConnectionDefinition { Host = "h", User = "u" };
        var task = new MigrationTask
        {
            Name = "t",
            Source = side,
            Destination = side,
            Objects = [new DatabaseSelection("shop", "store", true, [new TableSelection("orders", "sales")]), new DatabaseSelection("my_shop", "my_store", true, [])],
        };
        string[] known = ["SELECT", "INSERT", "UPDATE", "DELETE", "DROP", "EXECUTE", "ALTER ROUTINE", "ROLE_ADMIN", "USAGE"];
        return new GrantPlanner(
            new ObjectSelection(task, false),
            new AccountPrivileges("'me'@'%'", [own], true, StringComparer.Ordinal),
            known.ToHashSet(),
            new HashSet<string> { "`r1`@`%`", "`r 2`@`10.%`" },
            mayGiveProxies: true)
        {
            SourceHasPatterns = source,
            DestinationHasPatterns = destination,
        };
    }
}
