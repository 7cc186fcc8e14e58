using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Precheck;

/// <summary>Items about what goes on at a server, and what an account without any further right sees of it.</summary>
public sealed class PrecheckStateTests
{
    private static readonly string[] Judged = ["MetadataLocks", "LongTransactions", "BinlogFilters"];

    [Fact]
    public async Task A_running_statement_with_an_emoji_keeps_no_task_from_starting()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("pre_emoji");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.t (a int PRIMARY KEY, v varchar(9)); INSERT INTO `{database}`.t VALUES (1,'x')", CancellationToken.None);
        await using MySqlSession busy = await MySqlSession.ConnectAsync(new MySqlSessionOptions { Host = source.Host, Port = source.Port, User = "root", Password = Secret.Empty }, TimeProvider.System, CancellationToken.None);
        await busy.ExecuteAsync("START TRANSACTION", CancellationToken.None);
        Task running = busy.ExecuteAsync($"UPDATE `{database}`.t SET v='😀' WHERE SLEEP(120)=0", CancellationToken.None);
        try
        {
            var report = await PrecheckTask.Between(source, destination, database).RunAsync();
            Assert.False(running.IsCompleted);
            Assert.Contains(report.Results, r => r.Check == "LongTransactions" && r.Outcome is "Warning" or "Passed");
            Assert.DoesNotContain(report.Results, r => r.Check == "LongTransactions" && r.Outcome == "Failed");
        }
        finally
        {
            await source.RunSqlAsync($"KILL {busy.ConnectionId}", CancellationToken.None);
            await Task.WhenAny(running);
        }
    }

    [Fact]
    public async Task Locks_leftovers_and_other_tasks_are_named_and_an_account_that_may_not_look_is_told_the_grant()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("pre_state");
        await source.RunSqlAsync(
            $"""
            CREATE DATABASE `{database}`; USE `{database}`;
            CREATE TABLE p (a int, b int, c int, v int INVISIBLE, PRIMARY KEY (a), KEY (c));
            CREATE TABLE _p_gho (a int PRIMARY KEY);
            CREATE TABLE ft (a int PRIMARY KEY, t text, FULLTEXT KEY (t) WITH PARSER ngram);
            CREATE TABLE part (a int PRIMARY KEY) PARTITION BY HASH (a) PARTITIONS 2;
            CREATE TABLE child (a int PRIMARY KEY, CONSTRAINT fk_c FOREIGN KEY (a) REFERENCES p (a));
            CREATE TABLE grün (a int PRIMARY KEY);
            CREATE PROCEDURE pr() SELECT 1;
            """,
            CancellationToken.None);
        string user = SharedServers.NewDatabaseName("pre_ro");
        await source.RunSqlAsync($"CREATE USER `{user}`; GRANT SELECT ON `{database}`.* TO `{user}`", CancellationToken.None);
        await destination.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.q (a int PRIMARY KEY); CREATE TABLE `{database}`.other (a int PRIMARY KEY, CONSTRAINT fk_c FOREIGN KEY (a) REFERENCES q (a))", CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, database);

        MySqlSession locker = await MySqlSession.ConnectAsync(new MySqlSessionOptions { Host = source.Host, Port = source.Port, User = "root", Password = Secret.Empty }, TimeProvider.System, CancellationToken.None);
        await using (locker)
        {
            await locker.ExecuteAsync($"LOCK TABLES `{database}`.part WRITE", CancellationToken.None);
            var report = await task.RunAsync();
            Assert.Contains($"thread {locker.ConnectionId} (root) holds SHARED_NO_READ_WRITE on {database}.part", report.Warning("MetadataLocks").Message, StringComparison.Ordinal);
            Assert.Contains($"{database}._p_gho", report.Warning("OnlineDdlLeftovers").Message, StringComparison.Ordinal);
            Assert.Contains($"{database}.grün", report.Warning("ObjectNames").Message, StringComparison.Ordinal);
            Assert.Contains($"{database}.p.v", report.Passed("InvisibleColumns").Message, StringComparison.Ordinal);
            Assert.Contains($"Constraint {database}.fk_c would exist more than once", report.Failed("ConstraintNames").Message, StringComparison.Ordinal);
            Assert.Contains($"{database}.other of the destination", report.Failed("ConstraintNames").Message, StringComparison.Ordinal);
            Assert.Contains("1 partitioned", report.Passed("Partitions").Message, StringComparison.Ordinal);
            Assert.Contains($"Procedure {database}.pr", report.Warning("SqlSecurity").Message, StringComparison.Ordinal);
            Assert.Contains("parsers of all", report.Passed("FulltextParsers").Message, StringComparison.Ordinal);
            Assert.Contains("Its disk has", report.Passed("DestinationSpace").Message, StringComparison.Ordinal);
            report.Passed("ForeignKeyReferences");
            report.FailsOnly("ConstraintNames");
        }

        // With SELECT on its database alone, what cannot be judged is skipped, with the grant; the grants are then enough.
        var poor = task with { Source = PrecheckTask.Connection(source, user) };
        var seen = await poor.RunAsync();
        Assert.DoesNotContain(seen.Results, r => r.Message.Contains("check itself failed", StringComparison.Ordinal));
        foreach (string check in Judged)
        {
            var skipped = seen.Skipped(check);
            Assert.True(skipped.IsBlocked);
            await source.RunSqlAsync(skipped.FixSql!, CancellationToken.None);
        }

        seen.Failed("SourcePrivileges");
        seen = await poor.RunAsync();
        Assert.All(Judged, check => seen.Passed(check));
    }

    [Fact]
    public async Task Another_tasks_progress_for_the_same_tables_is_told()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("pre_two");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.t (a int PRIMARY KEY)", CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, database);
        using var journey = await Journeys.Journey.CreateAsync("pre_two_other");
        await journey.WriteTaskAsync(journey.Task() with { Objects = [new DatabaseSelection(database, database, true, [])] });
        var (code, _, error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, error);
        var found = (await task.RunAsync()).Results.Single(r => r.Check == "OtherTasks");
        Assert.Equal("Warning", found.Outcome);
        Assert.Contains($"{database}.t", found.Message, StringComparison.Ordinal);
    }
}
