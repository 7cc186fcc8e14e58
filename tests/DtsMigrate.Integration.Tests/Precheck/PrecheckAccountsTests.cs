using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Precheck;

public sealed class PrecheckAccountsTests
{
    private const string Password = "n0t-shown";

    [Fact]
    public async Task The_grants_that_a_poor_account_is_told_to_get_are_what_it_needs()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("pre_grants");
        string user = SharedServers.NewDatabaseName("pre_user");
        string role = user + "_role";
        await source.RunSqlAsync(
            $"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.t (a int PRIMARY KEY); CREATE TABLE `{database}`.nokey (a int); CREATE USER `{user}` IDENTIFIED BY '{Password}'; CREATE ROLE `{role}`; GRANT SELECT ON `{database}`.* TO `{role}`; GRANT `{role}` TO `{user}`",
            CancellationToken.None);
        await destination.RunSqlAsync($"CREATE USER `{user}` IDENTIFIED BY '{Password}'; GRANT SELECT ON *.* TO `{user}`", CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, database) with
        {
            Source = PrecheckTask.Connection(source, user),
            Destination = PrecheckTask.Connection(destination, user),
            SourcePassword = Password,
            DestinationPassword = Password,
        };

        // The role is granted and not active, so nothing is visible.
        var report = await task.RunAsync();
        report.Failed("ObjectsExist");
        Assert.Contains("SELECT on", report.Failed("SourcePrivileges").Message, StringComparison.Ordinal);
        Assert.Contains($"Its roles `{role}`@`%` are not active: SET DEFAULT ROLE ALL TO", report.Failed("SourcePrivileges").Recommendation!, StringComparison.Ordinal);

        await source.RunSqlAsync($"SET DEFAULT ROLE ALL TO `{user}`", CancellationToken.None);
        report = await task.RunAsync();
        report.Passed("ObjectsExist");
        string grants = report.Failed("SourcePrivileges").FixSql!;
        Assert.DoesNotContain("SELECT", grants, StringComparison.Ordinal);
        Assert.DoesNotContain("not active", report.Failed("SourcePrivileges").Recommendation!, StringComparison.Ordinal);
        Assert.Contains("LOCK TABLES", grants, StringComparison.Ordinal);
        await source.RunSqlAsync(grants, CancellationToken.None);
        await destination.RunSqlAsync(report.Failed("DestinationPrivileges").FixSql!, CancellationToken.None);

        report = await task.RunAsync();
        report.FailsOnly();
        report.Passed("SourcePrivileges");
        report.Passed("DestinationPrivileges");
        Assert.DoesNotContain(Password, report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_that_fail_say_why_and_what_to_do_and_the_rest_is_skipped()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, "mysql");
        var report = await (task with { SourcePassword = Password, Destination = task.Destination with { Host = "no-such-host.invalid" } }).RunAsync();
        var wrong = report.Failed("SourceConnectivity");
        Assert.Contains("1045", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("password", wrong.Recommendation!, StringComparison.Ordinal);
        Assert.Contains("no-such-host.invalid", report.Failed("DestinationConnectivity").Message, StringComparison.Ordinal);
        report.FailsOnly("SourceConnectivity", "DestinationConnectivity");
        Assert.Equal(report.Results.Count - 2, report.Results.Count(r => r.Outcome == "Skipped"));
        Assert.DoesNotContain(Password, report.ToString(), StringComparison.Ordinal);

        report = await (task with { Source = task.Source with { Tls = TlsMode.VerifyFull }, Destination = task.Destination with { Port = 1 } }).RunAsync();
        Assert.Contains("CA file", report.Failed("SourceConnectivity").Recommendation!, StringComparison.Ordinal);
        Assert.Contains("port", report.Failed("DestinationConnectivity").Recommendation!, StringComparison.OrdinalIgnoreCase);
    }
}
