using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Kinds of DML and DDL that a task selects, and what comes of those that it does not.</summary>
public sealed class SelectedOperationsTests
{
    private const DdlKinds Alter = DdlKinds.AlterTable;

    [Fact]
    public async Task Kinds_of_row_changes_are_left_out_table_by_table_and_counted()
    {
        string[] names = ["a", "iu", "id", "i", "u", "ud", "d", "n"];
        string tables = string.Concat(names.Select(n => $"CREATE TABLE {n} (id INT PRIMARY KEY, v INT, u INT UNIQUE); INSERT INTO {n} VALUES (1,1,1),(2,2,2),(3,3,3),(4,4,4);")) + "CREATE TABLE k (v INT); INSERT INTO k VALUES (1);";
        using var bench = await DdlBench.CreateAsync(tables, t => t with { Objects = [new DatabaseSelection(t.Name, t.Name, All: true, [.. names.Skip(1).Select(n => Select(n, n)), Select("k", "i")])] });
        await bench.RunAsync();
        foreach (string name in names)
        {
            // Insert, update, key change, delete; the key and the unique value of what was deleted again; a row that was left out is changed and removed; a rolled back row counts nowhere.
            await bench.SourceAsync(
                $"""
                INSERT INTO {name} VALUES (10,10,10),(11,11,11); UPDATE {name} SET v=20 WHERE id=2; UPDATE {name} SET id=30, v=30 WHERE id=3; DELETE FROM {name} WHERE id=4; INSERT INTO {name} VALUES (4,44,4);
                UPDATE {name} SET v=v+1 WHERE id IN (10,30); DELETE FROM {name} WHERE id IN (11,30); BEGIN; DELETE FROM {name}; ROLLBACK; XA START '{name}'; UPDATE {name} SET v=5 WHERE id=1; XA END '{name}'; XA PREPARE '{name}'; XA COMMIT '{name}'
                """);
        }

        await bench.SourceAsync("INSERT INTO k VALUES (2),(3); DELETE FROM k WHERE v=1");
        await bench.RunAsync();
        async Task<string?> Rows(string table) => await bench.DestinationAsync($"SELECT GROUP_CONCAT(CONCAT(id,'=',v) ORDER BY id) FROM {bench.Database}.{table}");
        Assert.Equal("1=5,2=20,4=44,10=11", await Rows("a"));
        Assert.Equal("1=5,2=20,4=44,10=11,11=11,30=31", await Rows("iu"));
        Assert.Equal("1=1,2=2,3=3,4=44,10=10", await Rows("id"));
        Assert.Equal("1=1,2=2,3=3,4=44,10=10,11=11", await Rows("i"));
        Assert.Equal("1=5,2=20,4=4,30=31", await Rows("u"));
        Assert.Equal("1=5,2=20", await Rows("ud"));
        Assert.Equal("1=1,2=2,3=3", await Rows("d"));
        Assert.Equal("1=1,2=2,3=3,4=4", await Rows("n"));
        Assert.Equal("1,2,3", await bench.DestinationAsync($"SELECT GROUP_CONCAT(v ORDER BY v) FROM {bench.Database}.k"));

        // Per table 3 inserts, 5 updates (one with its key), 3 deletes: 3+5+8+6+3+8+11, and one of k.
        Assert.Equal("45", await bench.DestinationAsync($"SELECT left_out FROM dts_migrate.applied WHERE task='{bench.Database}'"));
        await bench.RunAsync();
        Assert.Equal(45, bench.Status().ChangesLeftOut);

        TableSelection Select(string table, string kinds) => new(table, table)
        {
            Operations = new OperationKinds((kinds.Contains('i') ? DmlKinds.Insert : 0) | (kinds.Contains('u') ? DmlKinds.Update : 0) | (kinds.Contains('d') ? DmlKinds.Delete : 0), null),
        };
    }

    [Fact]
    public async Task Statements_of_kinds_that_are_not_selected_are_left_out_and_stand_in_the_log()
    {
        using var bench = await DdlBench.CreateAsync(
            "CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1,1),(2,2); CREATE TABLE gone LIKE t; INSERT INTO gone VALUES (1,1); CREATE TABLE moved LIKE t; INSERT INTO moved VALUES (1,1); CREATE TABLE own LIKE t;",
            t => t with
            {
                Operations = new OperationKinds(null, DdlKinds.None),
                Objects = [new DatabaseSelection(t.Name, t.Name, All: true, [new TableSelection("own", "own") { Operations = new OperationKinds(null, DdlKinds.AlterTable | DdlKinds.DropTable) }])],
            });
        Assert.Matches($"(?s)SelectedOperations.*Some kinds of DDL are left out for {bench.Database}, {bench.Database}.own", (await bench.CommandAsync("precheck")).Output);
        await bench.RunAsync();
        await bench.SourceAsync(
            """
            TRUNCATE t; INSERT INTO t VALUES (3,3); ALTER TABLE t ADD INDEX (v), COMMENT 'x'; INSERT INTO t VALUES (4,4); DROP TABLE gone; RENAME TABLE moved TO away; INSERT INTO away VALUES (2,2);
            CREATE TABLE fresh (id INT PRIMARY KEY); INSERT INTO fresh VALUES (1),(2); ALTER TABLE fresh ADD x INT; CREATE TABLE made SELECT * FROM t; CREATE VIEW v AS SELECT 1; CREATE PROCEDURE p() SELECT 1;
            ALTER TABLE own ADD COLUMN w INT; INSERT INTO own VALUES (1,1,1);
            """);
        await bench.RunAsync();
        Assert.Equal("gone,moved,own,t", await bench.DestinationAsync($"SELECT GROUP_CONCAT(TABLE_NAME ORDER BY 1) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{bench.Database}'"));
        Assert.Equal("1,2,3,4", await bench.DestinationAsync($"SELECT GROUP_CONCAT(id ORDER BY id) FROM {bench.Database}.t"));
        Assert.Equal("1", await bench.DestinationAsync($"SELECT w FROM {bench.Database}.own"));
        Assert.Equal("1", await bench.DestinationAsync($"SELECT COUNT(*) FROM {bench.Database}.gone"));
        Assert.Equal("1", await bench.DestinationAsync($"SELECT COUNT(*) FROM {bench.Database}.moved"));
        Assert.Equal("0", await bench.DestinationAsync($"SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='{bench.Database}'"));
        var log = await bench.LogAsync();
        Assert.Equal(["TruncateTable", "AlterTable", "DropTable", "RenameTable", "CreateTable", "CreateTable", "CreateView", "CreateProcedure"], log.Where(e => e.Outcome == DdlOutcome.Filtered).Select(e => e.Kind));
        Assert.Equal("AlterTable", Assert.Single(log, e => e.Outcome == DdlOutcome.Done).Kind);

        // One row of away, two of fresh, two of made.
        Assert.Equal("5", await bench.DestinationAsync($"SELECT left_out FROM dts_migrate.applied WHERE task='{bench.Database}'"));
    }

    [Fact]
    public async Task Rows_after_a_change_of_columns_that_was_left_out_stop_until_it_is_made_by_hand()
    {
        using var bench = await DdlBench.CreateAsync(
            "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT); INSERT INTO t VALUES (1,1,2); CREATE TABLE early LIKE t; CREATE TABLE free LIKE t;",
            t => t with { Operations = new OperationKinds(null, DdlKinds.All & ~Alter) });
        await bench.RunAsync();

        // Both columns have the same type: their rows would fit, and be wrong.
        await DdlBench.OnAsync(bench.Destination, $"ALTER TABLE {bench.Database}.early ADD COLUMN c INT");
        await bench.SourceAsync("ALTER TABLE early ADD COLUMN c INT; INSERT INTO early VALUES (5,5,5,5); ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a; INSERT INTO free VALUES (1,1,1)");
        await bench.RunAsync();
        Assert.Equal("5", await bench.DestinationAsync($"SELECT c FROM {bench.Database}.early"));
        await bench.SourceAsync("INSERT INTO free VALUES (2,2,2); INSERT INTO t VALUES (2,3,4)");
        for (int run = 0; run < 2; run++)
        {
            var failure = await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync);
            Assert.Equal("DdlFiltered", failure.Code);
            Assert.Contains("RENAME COLUMN a TO b", failure.Message, StringComparison.Ordinal);
            Assert.Equal("2", await bench.DestinationAsync($"SELECT COUNT(*) FROM {bench.Database}.free"));
        }

        await DdlBench.OnAsync(bench.Destination, $"ALTER TABLE {bench.Database}.t RENAME COLUMN a TO b, RENAME COLUMN b TO a");
        await bench.SourceAsync("INSERT INTO t VALUES (3,5,6)");
        await bench.RunAsync();
        await bench.AssertSameAsync();
        await bench.SourceAsync("UPDATE t SET a=9");
        await bench.RunAsync();
        await bench.AssertSameAsync();
    }
}
