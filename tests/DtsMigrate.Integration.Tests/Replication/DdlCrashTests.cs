using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>A worker that ends in the middle of a DDL statement, before or after the destination has run it: the next one settles it.</summary>
public sealed class DdlCrashTests
{
    private const string Tables =
        "CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1,1),(2,2); CREATE TABLE u LIKE t; INSERT INTO u VALUES (3,3);"
        + "CREATE TABLE p (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20)); INSERT INTO p VALUES (1,1),(11,11); CREATE TABLE q (id INT PRIMARY KEY, v INT); INSERT INTO q VALUES (12,12);";

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (string moment in new[] { "begun", "run" })
        {
            data.Add(moment, "ALTER TABLE t ADD COLUMN w INT DEFAULT 4; INSERT INTO t VALUES (5,5,5)");
            data.Add(moment, "ALTER TABLE t ADD INDEX i (v), RENAME TO t9; INSERT INTO t9 VALUES (5,5)");
            data.Add(moment, "RENAME TABLE t TO x, u TO t, x TO u; INSERT INTO t VALUES (5,5); INSERT INTO u VALUES (6,6)");
            data.Add(moment, "CREATE TABLE n (id INT PRIMARY KEY); INSERT INTO n VALUES (1)");
            data.Add(moment, "CREATE TABLE n SELECT * FROM t");
            data.Add(moment, "DROP TABLE t, u; CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1)");
            data.Add(moment, "TRUNCATE t; INSERT INTO t VALUES (1,1)");
            data.Add(moment, "DROP INDEX `PRIMARY` ON t; INSERT INTO t VALUES (1,1)");
            data.Add(moment, "ALTER TABLE p EXCHANGE PARTITION b WITH TABLE q; INSERT INTO q VALUES (2,2); INSERT INTO p VALUES (13,13)");
            data.Add(moment, "CREATE VIEW v AS SELECT * FROM t; CREATE PROCEDURE p1() SELECT 1");
        }

        // What tells whether a RENAME was run must be there until that is recorded.
        data.Add("ending", "RENAME TABLE t TO x, u TO t, x TO u; INSERT INTO t VALUES (5,5); INSERT INTO u VALUES (6,6)");
        data.Add("ending", "DROP TABLE u; CREATE TABLE u (id INT PRIMARY KEY, v INT) SELECT * FROM q; RENAME TABLE t TO x, u TO t; INSERT INTO t VALUES (5,5)");
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_statement_that_was_cut_is_settled(string moment, string statements)
    {
        using var bench = await DdlBench.CreateAsync(Tables);
        await bench.RunAsync();
        await bench.SourceAsync("INSERT INTO t VALUES (9,9);" + statements);
        int left = 1;
        DdlRunner.Interrupt = (at, _) => at == moment && left-- > 0 ? throw new DtsMigrateException("Killed", "The worker ends here.") : Task.CompletedTask;
        try
        {
            Assert.Equal("Killed", (await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync)).Code);
        }
        finally
        {
            DdlRunner.Interrupt = null;
        }

        Assert.Equal(DdlOutcome.Begun, (await bench.LogAsync())[^1].Outcome);
        await bench.RunAsync();
        await bench.AssertSameAsync();
        Assert.All(await bench.LogAsync(), e => Assert.Equal(DdlOutcome.Done, e.Outcome));
        Assert.Equal("0", await bench.DestinationAsync(bench.MarkersSql));
    }
}
