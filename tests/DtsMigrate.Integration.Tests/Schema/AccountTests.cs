using DtsMigrate.Engine.Schema.Accounts;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

public sealed class AccountTests
{
    [Fact]
    public async Task Accounts_arrive_with_password_limits_roles_and_rights_of_every_level()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string db = SharedServers.NewDatabaseName("acc");
        string[] accounts = [$"{db}_app@%", $"{db}_we`ird@10.0.0.%", $"{db}_r1", $"{db}_r 2@10.%", $"{db}_cert", $"{db}_two"];
        string[] sql = [.. accounts.Select(a => AccountName.Parse(a).ToSql())];
        foreach (MySqlServer server in new[] { source, destination })
        {
            if ((await server.RunSqlAsync("SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME='mysql_no_login'", CancellationToken.None)).Length == 0)
            {
                await server.RunSqlAsync("INSTALL PLUGIN mysql_no_login SONAME 'mysql_no_login.so'", CancellationToken.None);
            }
        }

        await source.RunSqlAsync(
            $"""
            CREATE USER {sql[4]} IDENTIFIED BY 'z' REQUIRE SUBJECT '/CN=a\\b''c ISSUER' AND ISSUER '/CN=\\' AND CIPHER 'x''y' PASSWORD EXPIRE INTERVAL 9 DAY PASSWORD REQUIRE CURRENT ATTRIBUTE '{@"{""a"": ""it''s""}"}';
            CREATE USER {sql[5]} IDENTIFIED BY 'x' AND IDENTIFIED WITH mysql_no_login REQUIRE X509 WITH MAX_UPDATES_PER_HOUR 1 MAX_CONNECTIONS_PER_HOUR 2 PASSWORD REQUIRE CURRENT OPTIONAL PASSWORD EXPIRE NEVER PASSWORD_LOCK_TIME UNBOUNDED;
            GRANT USAGE ON *.* TO {sql[5]} WITH GRANT OPTION; GRANT CREATE TEMPORARY TABLES, LOCK TABLES ON `nobody\_x%`.* TO {sql[5]} WITH GRANT OPTION;
            CREATE DATABASE `{db}`; USE `{db}`; CREATE TABLE t (a int PRIMARY KEY, b int); CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
            CREATE ROLE {sql[2]}, {sql[3]};
            CREATE USER {sql[0]} IDENTIFIED BY 'x' REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 5 MAX_USER_CONNECTIONS 3 PASSWORD HISTORY 5 PASSWORD REUSE INTERVAL 7 DAY FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME 2 COMMENT 'it''s "so"';
            CREATE USER {sql[1]} IDENTIFIED BY 'y' PASSWORD EXPIRE ACCOUNT LOCK;
            GRANT SELECT, INSERT (a), UPDATE (a, b) ON t TO {sql[0]}; GRANT EXECUTE ON PROCEDURE p TO {sql[0]} WITH GRANT OPTION; GRANT EXECUTE ON FUNCTION f TO {sql[0]};
            GRANT ALL ON `{db.Replace("_", "\\_", StringComparison.Ordinal)}`.* TO {sql[1]}; GRANT SELECT ON `nobody%s`.* TO {sql[0]};
            GRANT RELOAD, BACKUP_ADMIN, SYSTEM_VARIABLES_ADMIN ON *.* TO {sql[0]} WITH GRANT OPTION;
            GRANT {sql[2]} TO {sql[0]} WITH ADMIN OPTION; GRANT {sql[3]} TO {sql[0]}; SET DEFAULT ROLE {sql[2]} TO {sql[0]};
            GRANT PROXY ON {sql[0]} TO {sql[1]}; GRANT SELECT ON `{db}`.* TO {sql[2]};
            """,
            CancellationToken.None);
        var journey = new SchemaJourney(source, destination, new TaskOptions(), ConflictMode.PrecheckAndReportErrors, new DatabaseSelection(db, db + "_to", true, [new TableSelection("t", "t2")])) { Accounts = accounts };
        await journey.CreateTablesAsync(await journey.ReadAsync());
        var plans = await journey.PlanAccountsAsync();
        Assert.All(plans, p => Assert.True(p.Class == AccountClass.Full, $"{p.Account}: {string.Join("; ", p.LeftOut)}"));

        await journey.CreateAccountsAsync();
        await journey.CreateObjectsAsync();
        await journey.GrantAccountsAsync();
        await journey.CreateAccountsAsync();
        await journey.GrantAccountsAsync();

        foreach (string account in sql)
        {
            string expected = (await ShowAsync(source, account))
                .Replace($"`{db.Replace("_", "\\\\_", StringComparison.Ordinal)}`.*", $"`{(db + "_to").Replace("_", "\\\\_", StringComparison.Ordinal)}`.*", StringComparison.Ordinal)
                .Replace($"`{db}`.*", $"`{(db + "_to").Replace("_", "\\\\_", StringComparison.Ordinal)}`.*", StringComparison.Ordinal)
                .Replace($"`{db}`.`t`", $"`{db}_to`.`t2`", StringComparison.Ordinal)
                .Replace($"`{db}`.", $"`{db}_to`.", StringComparison.Ordinal);
            Assert.Equal(expected, await ShowAsync(destination, account));
        }
    }

    [Fact]
    public async Task Each_account_is_classed_and_nothing_is_half_done()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string db = SharedServers.NewDatabaseName("cls");
        string app = db + "_app";
        string admin = db + "_admin";
        await source.RunSqlAsync(
            $"""
            CREATE DATABASE `{db}`; CREATE TABLE `{db}`.t (a int PRIMARY KEY);
            CREATE USER {app}; GRANT SELECT, INSERT ON `{db}`.* TO {app}; GRANT BACKUP_ADMIN, PROCESS ON *.* TO {app}; CREATE ROLE {db}_role; GRANT {db}_role TO {app};
            CREATE USER {db}_there; CREATE USER {db}_old IDENTIFIED BY 'a'; ALTER USER {db}_old IDENTIFIED BY 'b' RETAIN CURRENT PASSWORD;
            """,
            CancellationToken.None);
        await destination.RunSqlAsync($"CREATE USER {db}_there IDENTIFIED BY 'other'; CREATE USER {admin}; GRANT CREATE USER, SELECT, CREATE, ALTER, DROP, INDEX, INSERT, UPDATE, DELETE, REFERENCES ON *.* TO {admin} WITH GRANT OPTION; CREATE DATABASE {db}_x", CancellationToken.None);
        var selection = new DatabaseSelection(db, db, true, []);
        var journey = new SchemaJourney(source, destination, new TaskOptions(), ConflictMode.PrecheckAndReportErrors, selection) { Accounts = [app, $"{db}_there", $"{db}_old", $"{db}_none", "root@localhost", admin], DestinationUser = admin };

        var plans = (await journey.PlanAccountsAsync()).ToDictionary(p => p.Account);

        Assert.Equal(AccountClass.Reduced, plans[$"{app}@%"].Class);
        Assert.Equal(
            [$"PROCESS on *.*: the destination account does not have it", $"BACKUP_ADMIN on *.*: the destination account does not have it", $"role `{db}_role`@`%`: the destination account lacks ROLE_ADMIN"],
            plans[$"{app}@%"].LeftOut);
        Assert.Equal(AccountClass.Exists, plans[$"{db}_there@%"].Class);
        Assert.Equal(AccountClass.Reduced, plans[$"{db}_old@%"].Class);
        Assert.Contains("old password", plans[$"{db}_old@%"].LeftOut.Single(), StringComparison.Ordinal);
        Assert.Equal("the source has no such account", plans[$"{db}_none@%"].LeftOut.Single());
        Assert.Equal("it is an account of the server itself", plans["root@localhost"].LeftOut.Single());
        Assert.Contains("with which the task writes", plans[$"{admin}@%"].LeftOut.Single(), StringComparison.Ordinal);

        var error = await Assert.ThrowsAsync<DtsMigrateException>((journey with { Accounts = [$"{db}_none", app] }).CreateAccountsAsync);
        Assert.Equal("AccountNotCreated", error.Code);

        var keeping = new SchemaJourney(source, destination, new TaskOptions(), ConflictMode.IgnoreErrorsAndProceed, selection) { Accounts = [app, $"{db}_there"], DestinationUser = admin };
        await keeping.CreateTablesAsync(await keeping.ReadAsync());
        await keeping.CreateAccountsAsync();
        await keeping.GrantAccountsAsync();
        string grants = await destination.RunSqlAsync($"SHOW GRANTS FOR {app}", CancellationToken.None);
        Assert.Contains("GRANT SELECT, INSERT ON", grants, StringComparison.Ordinal);
        Assert.DoesNotContain("BACKUP_ADMIN", grants, StringComparison.Ordinal);
        Assert.DoesNotContain(keeping.Log.Entries, e => e.Message.Contains("0x24", StringComparison.Ordinal));
    }

    private static async Task<string> ShowAsync(MySqlServer server, string account) =>
        await server.RunSqlAsync($"SET print_identified_with_as_hex=ON; SHOW CREATE USER {account}; SHOW GRANTS FOR {account}", CancellationToken.None);
}
