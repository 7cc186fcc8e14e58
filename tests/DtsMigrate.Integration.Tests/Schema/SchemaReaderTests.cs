using DtsMigrate.Engine;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

public sealed class SchemaReaderTests
{
    [Fact]
    public async Task Columns_and_keys_are_read_as_the_binary_log_and_the_copy_need_them()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("reader");
        await source.RunSqlAsync(
            $"""
            CREATE DATABASE `{database}` DEFAULT CHARACTER SET latin1;
            USE `{database}`;
            CREATE TABLE `CaseT` (a int unsigned NOT NULL, b varchar(10) CHARACTER SET utf8mb4 NOT NULL DEFAULT (uuid()), v int AS (a + 1) VIRTUAL, s int AS (a + 2) STORED,
              n int, hid int INVISIBLE DEFAULT 3, PRIMARY KEY (b, a), UNIQUE KEY u_prefix (b(3)), UNIQUE KEY u_null (n), UNIQUE KEY u_expr ((a + n)), UNIQUE KEY a_plain (a), KEY k (v)) COMMENT='ж';
            CREATE TABLE caset (x int);
            SET sql_generate_invisible_primary_key=1;
            CREATE TABLE gipk (x int);
            CREATE VIEW w AS SELECT 1 AS one;
            """,
            CancellationToken.None);

        var tables = await new SchemaJourney(source, destination, new DatabaseSelection(database, database, true, [])).ReadAsync();

        Assert.Equal(["CaseT", "caset", "gipk"], tables.Select(t => t.Name.Name));
        var table = tables[0];
        Assert.Equal(["a", "b", "v", "s", "n", "hid"], table.Columns.Select(c => c.Name));
        Assert.Equal([0, 1, 2, 3, 4, 5], table.Columns.Select(c => c.Index));
        Assert.Equal(["a", "b", "n", "hid"], table.WrittenColumns.Select(c => c.Name));
        Assert.Equal(("int unsigned", "varchar(10)", "utf8mb4", true), (table.Columns[0].ColumnType, table.Columns[1].ColumnType, table.Columns[1].Charset, table.Columns[5].IsInvisible));
        Assert.Equal(["PRIMARY", "a_plain", "u_expr", "u_null", "u_prefix"], table.UniqueKeys.Select(k => k.Name));
        Assert.Equal([true, true, false, true, false], table.UniqueKeys.Select(k => k.IsPlain));
        Assert.Equal([false, false, true, true, false], table.UniqueKeys.Select(k => k.IsNullable));
        Assert.Equal(["b", "a"], table.IdentityKey!.Columns.Select(c => c.Name));
        Assert.Contains("COMMENT='ж'", table.CreateSql, StringComparison.Ordinal);
        Assert.Equal(["my_row_id", "x"], tables[2].Columns.Select(c => c.Name));
        Assert.True(tables[2].Columns[0] is { IsInvisible: true, IsAutoIncrement: true });
    }

    [Fact]
    public async Task The_hash_follows_what_rows_depend_on_and_nothing_else()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("hash");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.t (a int PRIMARY KEY, b varchar(5))", CancellationToken.None);
        var journey = new SchemaJourney(source, destination, new DatabaseSelection(database, database, false, [new TableSelection("t", "t")]));
        string first = (await journey.ReadAsync())[0].Hash;
        await source.RunSqlAsync($"ALTER TABLE `{database}`.t ADD KEY k (b), COMMENT='x', ALTER b SET DEFAULT 'y'; INSERT INTO `{database}`.t VALUES (1, 'a')", CancellationToken.None);
        Assert.Equal(first, (await journey.ReadAsync())[0].Hash);
        foreach (string change in (string[])["MODIFY b varchar(6)", "MODIFY b varchar(6) COLLATE utf8mb4_bin", "ADD UNIQUE (b)", "ADD c int FIRST", "MODIFY c int AFTER b"])
        {
            await source.RunSqlAsync($"ALTER TABLE `{database}`.t {change}", CancellationToken.None);
            string next = (await journey.ReadAsync())[0].Hash;
            Assert.NotEqual(first, next);
            first = next;
        }
    }

    [Fact]
    public async Task All_missing_objects_are_named_in_one_error()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("missing");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.t (a int); CREATE VIEW `{database}`.w AS SELECT 1 AS one", CancellationToken.None);
        var journey = new SchemaJourney(
            source,
            destination,
            new DatabaseSelection(database, database, false, [new TableSelection("t", "t"), new TableSelection("T", "T2"), new TableSelection("w", "w")]),
            new DatabaseSelection("no such database", "x", true, []));
        var error = await Assert.ThrowsAsync<DtsMigrateException>(journey.ReadAsync);
        Assert.Equal("ObjectNotFound", error.Code);
        Assert.Contains($"table {database}.T, table {database}.w (it is a view), database no such database", error.Message, StringComparison.Ordinal);
        Assert.Null(await journey.ReadDestinationAsync(new QualifiedName("no such database", "t")));
    }
}
