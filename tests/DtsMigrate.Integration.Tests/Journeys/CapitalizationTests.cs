using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Capital and small letters in names, by policy and by the servers' lower_case_table_names, over whole migrations.</summary>
public sealed class CapitalizationTests : IClassFixture<CapitalizationTests.LowerServer>
{
    private readonly LowerServer _lower;

    public CapitalizationTests(LowerServer lower) => _lower = lower;

    [Fact]
    public async Task A_destination_that_keeps_lower_case_gets_rows_ddl_views_triggers_and_foreign_keys()
    {
        using Journey journey = await Journey.CreateAsync(await SharedServers.SourceAsync(CancellationToken.None), _lower.Server, "Caps");
        string lower = Lower(journey.Database);
        await TrustAsync(journey);
        await journey.Source.RunSqlAsync(
            $"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`;"
            + "CREATE TABLE Orders (Id int PRIMARY KEY, V varchar(9)); CREATE TABLE Items (Id int PRIMARY KEY, O int, CONSTRAINT Fk FOREIGN KEY (O) REFERENCES Orders (Id)); CREATE TABLE Log (Id int);"
            + "INSERT INTO Orders VALUES (1,'a'),(2,'b'); INSERT INTO Items VALUES (1,1),(2,2);"
            + "CREATE VIEW Recent AS SELECT Orders.Id, Items.O FROM Orders JOIN Items ON Orders.Id=Items.O; CREATE TRIGGER OnOrders AFTER INSERT ON Orders FOR EACH ROW INSERT INTO Log VALUES (NEW.Id);"
            + "CREATE PROCEDURE Show_it() SELECT COUNT(*) FROM Orders, Items i WHERE Orders.Id=i.O;",
            CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task());
        await RunAsync(journey);
        await journey.Source.RunSqlAsync(
            $"USE `{journey.Database}`; UPDATE Orders SET V='z'; INSERT INTO Orders VALUES (3,'c'); ALTER TABLE Orders ADD COLUMN W int DEFAULT 7; CREATE TABLE Newest (Id int PRIMARY KEY); INSERT INTO Newest VALUES (5);"
            + "RENAME TABLE Newest TO NewName, Items TO Things; INSERT INTO Things VALUES (3,3); INSERT INTO NewName VALUES (6); DROP VIEW Recent; CREATE VIEW Later AS SELECT Id FROM NewName",
            CancellationToken.None);
        await RunAsync(journey);

        Assert.Equal("later,log,newname,orders,things", await Journey.ScalarAsync(journey.DestinationRoot, Names(lower)));
        Assert.Equal("1z7,2z7,3c7", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(Id, V, W ORDER BY Id) FROM `{lower}`.orders"));
        Assert.Equal("1,2,3", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(O ORDER BY Id) FROM `{lower}`.things"));
        Assert.Equal("5,6", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(Id ORDER BY Id) FROM `{lower}`.later"));
        Assert.Equal("orders", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = '{lower}' AND CONSTRAINT_NAME='Fk'"));
        var (code, _, error) = await journey.RunAsync("activate", journey.TaskFile);
        Assert.True(code == 0, error);
        Assert.Equal("OnOrders", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '{lower}'"), ignoreCase: true);
        Assert.Equal(0, (await journey.RunAsync("activate", journey.TaskFile)).Code);
    }

    [Fact]
    public async Task A_source_that_ignores_case_is_followed_whatever_case_its_statements_use()
    {
        using Journey journey = await Journey.CreateAsync(_lower.Server, await SharedServers.DestinationAsync(CancellationToken.None), "lowered");
        await TrustAsync(journey);
        await journey.Source.RunSqlAsync(
            $"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; CREATE TABLE Orders (Id int PRIMARY KEY); INSERT INTO ORDERS VALUES (1);"
            + "CREATE PROCEDURE p() SELECT ORDERS.Id FROM Orders WHERE oRDERS.Id > 0; CREATE FUNCTION f() RETURNS int READS SQL DATA RETURN (SELECT MAX(ORDERS.Id) FROM Orders);",
            CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task());
        await RunAsync(journey);
        await journey.Source.RunSqlAsync(
            $"USE `{journey.Database.ToUpperInvariant()}`; INSERT INTO oRDERS VALUES (2); ALTER TABLE ORDERS ADD v int DEFAULT 3; CREATE TABLE Foo (id int PRIMARY KEY); INSERT INTO FOO VALUES (1); CREATE TABLE Bar (id int PRIMARY KEY, b int);"
            + "INSERT INTO bar VALUES (8,8); RENAME TABLE fOO TO Tmp, BAR TO Foo, TMP TO Bar; INSERT INTO foo VALUES (9,9); INSERT INTO BAR VALUES (2); TRUNCATE TABLE bAR",
            CancellationToken.None);
        await RunAsync(journey);

        Assert.Equal("bar,foo,orders", await Journey.ScalarAsync(journey.DestinationRoot, Names(journey.Database)));
        Assert.Equal("13,23", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(id, v ORDER BY id) FROM `{journey.Database}`.orders"));
        Assert.Equal("88,99", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(id, b ORDER BY id) FROM `{journey.Database}`.foo"));
        Assert.Equal("2", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT `{journey.Database}`.f()"));
        await Journey.ExecuteAsync(journey.DestinationRoot, $"CALL `{journey.Database}`.p()");
    }

    [Fact]
    public async Task Upper_case_reaches_databases_tables_views_and_columns_and_later_ddl()
    {
        using Journey journey = await Journey.CreateAsync("up");
        string upper = journey.Database.ToUpperInvariant();
        await TrustAsync(journey);
        await journey.Source.RunSqlAsync(
            $"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`;"
            + "CREATE TABLE parent (id int PRIMARY KEY, name varchar(9), tag varchar(9) DEFAULT 't', g int GENERATED ALWAYS AS (id * 2) STORED, KEY name (name), KEY e ((lower(name))), CONSTRAINT c CHECK (id > 0)) COMMENT='id `id`' PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN MAXVALUE);"
            + "CREATE TABLE kept (id int PRIMARY KEY, n int, KEY n (n)); CREATE TABLE child (id int PRIMARY KEY, k int, CONSTRAINT fk FOREIGN KEY (k) REFERENCES kept (id));"
            + "INSERT INTO parent (id, name) VALUES (1,'a'); INSERT INTO kept VALUES (1,1); INSERT INTO child VALUES (1,1); CREATE VIEW v AS SELECT parent.id, kept.n FROM parent JOIN kept ON kept.id=parent.id",
            CancellationToken.None);
        MigrationTask task = journey.Task();
        task = task with
        {
            Objects = [new DatabaseSelection(journey.Database, journey.Database, true, [new TableSelection("kept", "Kept As Given")])],
            Options = task.Options with { Capitalization = NameCapitalization.Uppercase, LateIndexes = LateIndexes.Always },
        };
        await journey.WriteTaskAsync(task);
        await RunAsync(journey);
        await journey.Source.RunSqlAsync(
            $"USE `{journey.Database}`; INSERT INTO parent (id, name) VALUES (2,'b'); ALTER TABLE parent ADD COLUMN late int DEFAULT 4, ADD INDEX late (late), CHANGE tag title varchar(19), ADD (x int, y int);"
            + "CREATE TABLE fresh (id int, `select` int, PRIMARY KEY (id), KEY s (`select`)); INSERT INTO fresh VALUES (1,1); ALTER TABLE fresh MODIFY id bigint, RENAME COLUMN `select` TO `from`; UPDATE fresh SET `from`=6",
            CancellationToken.None);
        await RunAsync(journey);

        Assert.Equal("CHILD,FRESH,Kept As Given,PARENT,V", await Journey.ScalarAsync(journey.DestinationRoot, Names(upper)));
        Assert.Equal(
            "ID,K,ID,FROM,ID,N,ID,NAME,TITLE,G,LATE,X,Y",
            await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY TABLE_NAME, ORDINAL_POSITION) FROM information_schema.COLUMNS WHERE BINARY TABLE_SCHEMA='{upper}' AND TABLE_NAME<>'V'"));
        Assert.Equal("1at24,2bt44", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(id, name, IFNULL(title, ''), g, late ORDER BY id) FROM `{upper}`.PARENT"));
        Assert.Equal("6", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT `FROM` FROM `{upper}`.FRESH"));
        Assert.Equal("1", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) FROM `{upper}`.V"));
        string? create = await Column(journey, $"SHOW CREATE TABLE `{upper}`.PARENT");
        Assert.Contains("KEY `name` (`NAME`)", create, StringComparison.Ordinal);
        Assert.Contains("COMMENT='id `id`'", create, StringComparison.Ordinal);

        // Another policy now would look for other tables.
        await journey.WriteTaskAsync(task with { Options = task.Options with { Capitalization = NameCapitalization.Lowercase } });
        Assert.Equal(4, (await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp")).Code);
    }

    private static string Names(string database) =>
        $"SELECT GROUP_CONCAT(BINARY TABLE_NAME ORDER BY BINARY TABLE_NAME) FROM information_schema.TABLES WHERE BINARY TABLE_SCHEMA = '{database}'";

    private static async Task<string?> Column(Journey journey, string query)
    {
        await using var session = await MySql.Session.MySqlSession.ConnectAsync(journey.DestinationRoot, TimeProvider.System, CancellationToken.None);
        return (await session.QueryRowsAsync(query, CancellationToken.None))[0].GetString(1);
    }

    private static async Task TrustAsync(Journey journey)
    {
        await Journey.ExecuteAsync(journey.SourceRoot, "SET GLOBAL log_bin_trust_function_creators=1");
        await Journey.ExecuteAsync(journey.DestinationRoot, "SET GLOBAL log_bin_trust_function_creators=1");
    }

    private static async Task RunAsync(Journey journey)
    {
        (int code, string output, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, output + error);
    }

#pragma warning disable CA1308 // Lower case is what the server keeps.
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    public sealed class LowerServer : IAsyncLifetime
    {
        public MySqlServer Server { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "lower", Settings = new Dictionary<string, string?> { ["lower-case-table-names"] = "1" } }, CancellationToken.None);

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();
    }
}
