using System.Text;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

public sealed class StoredObjectTests
{
    /// <summary>Everything that servers keep of stored objects, with names in the wrong alphabetical order.</summary>
    internal const string Everything =
        """
        CREATE TABLE t (id int PRIMARY KEY, n varchar(20), made int DEFAULT 0);
        CREATE TABLE log (id int AUTO_INCREMENT PRIMARY KEY, what varchar(100));
        INSERT INTO t VALUES (1, 'old', 0);
        DELIMITER //
        CREATE FUNCTION `z``last`(p_x varchar(10), y int(11)) RETURNS enum('a','b(') CHARACTER SET latin1 DETERMINISTIC SQL SECURITY INVOKER COMMENT 'c''x; //' RETURN IF(y > 0, 'a', 'b(')//
        CREATE FUNCTION zf() RETURNS varchar(20) CHARSET latin1 COLLATE latin1_bin NO SQL BEGIN RETURN 'a'; END//
        CREATE FUNCTION plain(x double unsigned) RETURNS bigint unsigned READS SQL DATA RETURN (SELECT count(*) FROM t) + x//
        CREATE PROCEDURE p (IN a int, OUT b varchar(5)) MODIFIES SQL DATA COMMENT 'hey' lbl: BEGIN
          -- a comment; with ' and `
          SELECT * FROM t WHERE id = a; /* another */ SELECT `z``last`(1, 2), zf() INTO b; LEAVE lbl; END//
        SET NAMES latin1//
        SET sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'//
        CREATE PROCEDURE quotes() SELECT 'é\' || "n" AS "x" FROM "t"//
        CREATE TRIGGER t_ansi BEFORE UPDATE ON "t" FOR EACH ROW SET NEW."n" = 'é\' || NEW.n//
        SET NAMES gbk//
        SET sql_mode=''//
        CREATE PROCEDURE chinese() SELECT '運動', "a?" -- ???
        //
        SET NAMES utf8mb4//
        SET sql_mode=DEFAULT, time_zone='+03:00'//
        CREATE TRIGGER t_b BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.made = NEW.made + 1; END//
        CREATE TRIGGER t_a BEFORE INSERT ON t FOR EACH ROW SET NEW.n = concat(NEW.n, '😀') -- the end
        //
        CREATE TRIGGER t_c BEFORE INSERT ON t FOR EACH ROW PRECEDES t_a SET NEW.made = NEW.made * 10//
        CREATE TRIGGER t_log AFTER INSERT ON t FOR EACH ROW INSERT INTO log (what) VALUES (concat(NEW.id, ' ', NEW.n))//
        CREATE EVENT ev ON SCHEDULE EVERY '1:5' HOUR_MINUTE STARTS '2040-01-01 00:00:00' ENDS '2041-01-01' ON COMPLETION PRESERVE DISABLE COMMENT 'q DO ENABLE' DO BEGIN SELECT 1; END//
        CREATE EVENT ev_once ON SCHEDULE AT '2040-01-01 00:00:00' DO DELETE FROM t//
        CREATE EVENT ev_on ON SCHEDULE EVERY 1 SECOND STARTS '2020-01-01 00:00:00' ON COMPLETION PRESERVE DO INSERT INTO log (what) VALUES ('event')//
        SET timestamp=1000000000//
        CREATE EVENT ev_past ON SCHEDULE AT '2002-01-01 00:00:00' DISABLE DO SELECT 1//
        SET timestamp=DEFAULT//
        CREATE LIBRARY lib LANGUAGE JAVASCRIPT AS $$ export function sq(x) { return x * x; /* ` ' " */ } $$//
        CREATE VIEW z_base (`x y`, z) AS SELECT t.id, zf() FROM t WHERE n = 'ж' AND EXISTS (SELECT 1 FROM t b WHERE b.id = t.id)//
        CREATE VIEW m_middle AS SELECT * FROM z_base//
        CREATE SQL SECURITY INVOKER VIEW a_top AS SELECT m.*, `z``last`('x', 2) AS f FROM m_middle m JOIN z_base USING (z)//
        CREATE ALGORITHM=MERGE VIEW checked AS SELECT id, n FROM t WHERE id > 0 WITH LOCAL CHECK OPTION//
        CREATE JSON RELATIONAL DUALITY VIEW duality AS SELECT JSON_DUALITY_OBJECT('_id': id, 'n': n) FROM t//
        DELIMITER ;
        """;

    [Theory]
    [InlineData(TriggerMethod.Manual, DefinerMode.Destination)]
    [InlineData(TriggerMethod.Automatic, DefinerMode.Keep)]
    public async Task Stored_objects_of_every_kind_end_as_they_are_on_the_source(TriggerMethod method, DefinerMode definer)
    {
        var (source, destination) = await ServersAsync();
        string database = SharedServers.NewDatabaseName("stored");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`;\n{Everything}", CancellationToken.None);
        var options = new TaskOptions { TriggerMethod = method, DefinerMode = definer };
        var journey = new SchemaJourney(source, destination, options, ConflictMode.PrecheckAndReportErrors, new DatabaseSelection(database, database, true, []));
        await journey.CreateTablesAsync(await journey.ReadAsync());

        await journey.CreateObjectsAsync();
        await journey.CreateObjectsAsync();
        string interim = await ObjectDump.ReadAsync(destination, database);
        Assert.Equal(method == TriggerMethod.Automatic ? 5 : 0, interim.Split("order | ").Length - 1);
        Assert.DoesNotContain(" | ENABLED | ", interim, StringComparison.Ordinal);

        await journey.ActivateAsync();
        await journey.ActivateAsync();

        bool keep = definer == DefinerMode.Keep;
        Assert.Equal(await ObjectDump.ReadAsync(source, database, keep), await ObjectDump.ReadAsync(destination, database, keep));
    }

    [Fact]
    public async Task Under_other_names_bodies_speak_of_the_new_ones_and_all_else_stays()
    {
        var (source, destination) = await ServersAsync();
        string database = SharedServers.NewDatabaseName("mapped");
        string mapped = database + "`to";
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`;\n{Everything}", CancellationToken.None);
        var options = new TaskOptions { DefinerMode = DefinerMode.Keep, TriggerMethod = TriggerMethod.Automatic };
        var journey = new SchemaJourney(
            source, destination, options, ConflictMode.PrecheckAndReportErrors, new DatabaseSelection(database, mapped, true, [new TableSelection("t", "t renamed"), new TableSelection("m_middle", "middle")]));
        await journey.CreateTablesAsync(await journey.ReadAsync());
        await journey.CreateObjectsAsync();
        await journey.ActivateAsync();

        // The same by hand: the source's own text with the names replaced where they stand for the table and the view.
        string expected = (await ObjectDump.ReadAsync(source, database))
            .Replace($"`{database}`.`t`", $"`{database}`.`t renamed`", StringComparison.Ordinal)
            .Replace(" FROM t ", " FROM `t renamed` ", StringComparison.Ordinal)
            .Replace(" FROM t)", " FROM `t renamed`)", StringComparison.Ordinal)
            .Replace("FROM \"t\"", "FROM `t renamed`", StringComparison.Ordinal)
            .Replace("DO DELETE FROM t |", "DO DELETE FROM `t renamed` |", StringComparison.Ordinal)
            .Replace("ON `t` ", "ON `t renamed` ", StringComparison.Ordinal)
            .Replace("ON \"t\" ", "ON \"t renamed\" ", StringComparison.Ordinal)
            .Replace(" | t | ", " | t renamed | ", StringComparison.Ordinal)
            .Replace("column | t |", "column | t renamed |", StringComparison.Ordinal)
            .Replace($"`{database}`.`m_middle`", $"`{database}`.`middle`", StringComparison.Ordinal)
            .Replace("VIEW m_middle |", "VIEW middle |", StringComparison.Ordinal)
            .Replace("column | m_middle |", "column | middle |", StringComparison.Ordinal)
            .Replace($"`{database}`", $"`{mapped.Replace("`", "``", StringComparison.Ordinal)}`", StringComparison.Ordinal);
        Assert.Equal(Sorted(expected), Sorted(await ObjectDump.ReadAsync(destination, mapped)));
        await destination.RunSqlAsync($"USE `{mapped.Replace("`", "``", StringComparison.Ordinal)}`; INSERT INTO `t renamed` VALUES (5, 'x', 0); CALL quotes(); SELECT * FROM a_top; SELECT * FROM middle; SELECT plain(1)", CancellationToken.None);

        static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(TriggerMethod.Manual)]
    [InlineData(TriggerMethod.Automatic)]
    public async Task The_dry_run_is_a_script_that_the_mysql_client_turns_into_the_same_schema(TriggerMethod method)
    {
        var (source, destination) = await ServersAsync();
        string database = SharedServers.NewDatabaseName("script");
        await source.RunSqlAsync(
            $"""
            CREATE DATABASE `{database}` COLLATE utf8mb4_general_ci; USE `{database}`;
            CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int PRIMARY KEY, p int, n varchar(20) COMMENT 'a;b '' 😀', g point NOT NULL SRID 0,
              KEY k (n DESC), KEY kp (p), FULLTEXT KEY ft (n) WITH PARSER ngram, SPATIAL KEY s (g), FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE);
            {Everything}
            """,
            CancellationToken.None);
        var options = new TaskOptions { DefinerMode = DefinerMode.Keep, TriggerMethod = method, LateIndexes = LateIndexes.Always };
        var journey = new SchemaJourney(source, destination, options, ConflictMode.PrecheckAndReportErrors, new DatabaseSelection(database, database, true, []));

        byte[] script = await journey.ScriptAsync();

        // Nothing is changed by writing it.
        Assert.Equal("0", (await destination.RunSqlAsync($"SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='{database}'", CancellationToken.None)).Trim());
        // The objects of other character sets were made by a client that sent UTF-8 all the same, so that their bytes are UTF-8 again.
        await destination.RunSqlAsync(Encoding.UTF8.GetString(script), CancellationToken.None);

        Assert.Equal(await ObjectDump.ReadAsync(source, database), await ObjectDump.ReadAsync(destination, database));
        string tables = $"USE `{database}`; SHOW CREATE TABLE child; SHOW CREATE TABLE t; SHOW CREATE TABLE log; SHOW CREATE DATABASE `{database}`";
        Assert.Equal(Plain(await source.RunSqlAsync(tables, CancellationToken.None)), Plain(await destination.RunSqlAsync(tables, CancellationToken.None)));

        // Whether the character set is printed beside its collation depends on how the table was made.
        static string Plain(string text) => text.Replace(" AUTO_INCREMENT=2", string.Empty, StringComparison.Ordinal).Replace("CHARACTER SET utf8mb4 ", string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_destination_refuses_is_named_with_its_own_words_and_all_else_is_there()
    {
        var (source, destination) = await ServersAsync();
        string database = SharedServers.NewDatabaseName("refused");
        string other = SharedServers.NewDatabaseName("refused_other");
        await source.RunSqlAsync(
            $"""
            CREATE DATABASE `{database}`; CREATE DATABASE `{other}`; USE `{database}`;
            CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE gone (a int); CREATE TABLE `{other}`.elsewhere (a int);
            CREATE VIEW broken AS SELECT * FROM gone; CREATE VIEW above_broken AS SELECT * FROM broken; CREATE VIEW good AS SELECT * FROM t;
            CREATE VIEW outside AS SELECT * FROM `{other}`.elsewhere; CREATE VIEW above_outside AS SELECT * FROM outside;
            CREATE PROCEDURE p() SELECT 1; DROP TABLE gone;
            """,
            CancellationToken.None);
        var journey = new SchemaJourney(source, destination, new DatabaseSelection(database, database, true, []));
        await journey.CreateTablesAsync(await journey.ReadAsync());

        var error = await Assert.ThrowsAsync<DtsMigrateException>(journey.CreateObjectsAsync);

        Assert.Equal("ObjectNotCreated", error.Code);
        Assert.Contains($"View {database}.outside: 1049: Unknown database '{other}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"View {database}.above_outside: 1146", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("broken", error.Message, StringComparison.Ordinal);
        Assert.Contains(journey.Log.Entries, e => e.Level == LogLevel.Warning && e.Message.StartsWith($"View {database}.broken cannot be used on the source either", StringComparison.Ordinal));
        Assert.Equal("good\np", (await destination.RunSqlAsync(Names(database), CancellationToken.None)).Trim());

        await destination.RunSqlAsync($"CREATE DATABASE `{other}`; CREATE TABLE `{other}`.elsewhere (a int)", CancellationToken.None);
        await journey.CreateObjectsAsync();
        Assert.Equal("above_outside\ngood\noutside\np", (await destination.RunSqlAsync(Names(database), CancellationToken.None)).Trim());
    }

    [Fact]
    public async Task An_object_that_is_there_and_is_another_one_is_never_taken_for_ours()
    {
        var (source, destination) = await ServersAsync();
        string database = SharedServers.NewDatabaseName("taken");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`; CREATE PROCEDURE p() SELECT 1; CREATE VIEW v AS SELECT 1 AS a; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1", CancellationToken.None);
        await destination.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`; CREATE PROCEDURE p() SELECT 2; CREATE VIEW v AS SELECT 1 AS b; SET sql_mode='ANSI'; CREATE FUNCTION f() RETURNS int DETERMINISTIC SQL SECURITY INVOKER RETURN 1", CancellationToken.None);
        var selection = new DatabaseSelection(database, database, true, []);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(new SchemaJourney(source, destination, selection).CreateObjectsAsync);

        Assert.Contains($"Procedure {database}.p: it exists on the destination, and its text is", error.Message, StringComparison.Ordinal);
        Assert.Contains($"View {database}.v: it exists", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Function {database}.f: it exists", error.Message, StringComparison.Ordinal);

        var keeping = new SchemaJourney(source, destination, ConflictMode.IgnoreErrorsAndProceed, selection);
        await keeping.CreateObjectsAsync();
        Assert.Equal(3, keeping.Log.Entries.Count(e => e.Level == LogLevel.Warning && e.Message.Contains("is kept", StringComparison.Ordinal)));
    }

    private static string Names(string database) =>
        $"SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA='{database}' UNION ALL SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='{database}' ORDER BY 1";

    private static async Task<(MySqlServer Source, MySqlServer Destination)> ServersAsync()
    {
        var servers = await SharedServers.PairAsync(CancellationToken.None);
        foreach (var server in new[] { servers.Source, servers.Destination })
        {
            await server.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=ON, GLOBAL event_scheduler=OFF", CancellationToken.None);
        }

        return servers;
    }
}
