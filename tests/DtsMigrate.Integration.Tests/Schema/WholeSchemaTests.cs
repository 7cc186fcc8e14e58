using System.Text.RegularExpressions;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

/// <summary>Two databases with everything that a schema may hold, migrated by the worker and compared by what mysqldump and information_schema say.</summary>
public sealed partial class WholeSchemaTests
{
    /// <summary>Options and index kinds that the other lists do not have.</summary>
    private const string Options =
        """
        CREATE TABLE opts (a int NOT NULL AUTO_INCREMENT, b varchar(99) COLUMN_FORMAT FIXED STORAGE DISK, c int SECONDARY_ENGINE_ATTRIBUTE='{"x": "`"}', PRIMARY KEY (a),
          KEY kb (b(7) DESC, a) USING BTREE COMMENT 'k `, (', KEY kc (c) SECONDARY_ENGINE_ATTRIBUTE='{"y": 1}', FULLTEXT KEY ft (b) WITH PARSER ngram)
          AUTO_INCREMENT=4711 COMPRESSION='zlib' MAX_ROWS=100 MIN_ROWS=2 AVG_ROW_LENGTH=50 CHECKSUM=1 PACK_KEYS=0 DELAY_KEY_WRITE=1 STATS_AUTO_RECALC=1 STATS_SAMPLE_PAGES=30 AUTOEXTEND_SIZE=4M;
        CREATE TABLE dyn (a int PRIMARY KEY) ROW_FORMAT=DYNAMIC SECONDARY_ENGINE_ATTRIBUTE='{"t": 1}'; CREATE TABLE red (a int PRIMARY KEY) ROW_FORMAT=REDUNDANT; CREATE TABLE comp (a int PRIMARY KEY) ROW_FORMAT=COMPACT ENCRYPTION='N';
        CREATE TABLE myi (a int, b char(3), KEY (b)) ENGINE=MyISAM ROW_FORMAT=FIXED; CREATE TABLE mem (a int, KEY (a) USING HASH) ENGINE=MEMORY;
        CREATE TABLE keyed (a int NOT NULL, b int) PARTITION BY LINEAR KEY ALGORITHM=2 (a) PARTITIONS 3; CREATE TABLE hashed (a int) PARTITION BY LINEAR HASH (a + 1) PARTITIONS 2;
        CREATE TABLE ranged (a int, b date) PARTITION BY RANGE COLUMNS (a, b) (PARTITION p VALUES LESS THAN (1, '2020-01-01') MAX_ROWS = 3, PARTITION q VALUES LESS THAN (MAXVALUE, MAXVALUE));
        CREATE TABLE ring_a (id int PRIMARY KEY, b int); CREATE TABLE ring_b (id int PRIMARY KEY, a int, CONSTRAINT to_a FOREIGN KEY (a) REFERENCES ring_a (id) ON DELETE SET NULL);
        ALTER TABLE ring_a ADD CONSTRAINT to_b FOREIGN KEY (b) REFERENCES ring_b (id) ON UPDATE CASCADE;
        CREATE TABLE defaults (a int DEFAULT (1 + 1), b json DEFAULT (json_array(1, '`')), c timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6), d bit(3) DEFAULT b'101', e varchar(9) DEFAULT _latin1'\x41', f double DEFAULT '1e100', g point DEFAULT (point(1, 2)));
        """;

    [Theory]
    [InlineData(false, 0, DefinerMode.Keep)]
    [InlineData(true, 0, DefinerMode.Destination)]
    [InlineData(true, 3, DefinerMode.Keep)]
    public async Task Everything_arrives_equal_also_under_other_names_and_after_kills(bool renamed, int kills, DefinerMode definer)
    {
        using Journey journey = await Journey.CreateAsync("whole");
        foreach (MySqlServer server in new[] { journey.Source, journey.Destination })
        {
            await server.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=1; SET GLOBAL restrict_fk_on_non_standard_key=OFF", CancellationToken.None);
        }

        string tables = journey.Database;
        string objects = tables + "_objects";
        await journey.Source.RunSqlAsync(
            $"CREATE DATABASE `{tables}` COLLATE utf8mb4_general_ci; USE `{tables}`; SET sql_mode='', time_zone='+05:00';\n{SchemaMigratorTests.Everything}\nSET sql_generate_invisible_primary_key=0;\n{Options}\n"
            + $"CREATE DATABASE `{objects}` COLLATE latin1_german1_ci; USE `{objects}`; CREATE TABLE across (id bigint unsigned, CONSTRAINT `out` FOREIGN KEY (id) REFERENCES `{tables}`.parent (id)); SET sql_mode=DEFAULT;\n{StoredObjectTests.Everything}\n"
            + "ALTER EVENT ev_on ON SCHEDULE EVERY 1 DAY STARTS '2040-01-01 00:00:00'",
            CancellationToken.None);
        var names = new Dictionary<string, string>
        {
            [tables] = "to`" + tables,
            [objects] = "zz " + objects,
            ["parent"] = "the parent",
            ["types"] = "t`ypes",
            ["opts"] = "options",
            ["ring_b"] = "Ring",
            ["lists"] = "the lists",
            ["log"] = "the log",
            ["z_base"] = "aa base",
        };
        await journey.WriteTaskAsync(journey.Task() with
        {
            MigrationTypes = MigrationTypes.Schema,
            Options = new TaskOptions { DefinerMode = definer },
            Objects = renamed
                ? [Selection(tables, names, "parent", "types", "opts", "ring_b", "lists"), Selection(objects, names, "log", "z_base")]
                : [new DatabaseSelection(tables, tables, true, []), new DatabaseSelection(objects, objects, true, [])],
        });
        string[] there = renamed ? [names[tables], names[objects]] : [tables, objects];
        var counts = new List<int>();
        for (int kill = 0; kill < kills; kill++)
        {
            using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile);
            int made = await CountAsync(journey, there);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!worker.HasExited && await CountAsync(journey, there) <= made + kill)
            {
                limit.Token.ThrowIfCancellationRequested();
            }

            Assert.False(worker.HasExited, "the worker had ended before it could be killed");
            await worker.KillAsync();
            counts.Add(await CountAsync(journey, there));
        }

        (int code, string output, string error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.True(code == 0, output + error);
        int all = await CountAsync(journey, there);
        Assert.All(counts, c => Assert.InRange(c, 1, all - 1));
        bool keep = definer == DefinerMode.Keep;
        foreach (string database in new[] { tables, objects })
        {
            string target = renamed ? names[database] : database;
            string left = await DumpAsync(journey.Source, database, [], keep);
            string right = await DumpAsync(journey.Destination, target, renamed ? names : [], keep);
            Same(left, right);
            Assert.Equal(keep && database == objects, left.Contains("DEFINER=", StringComparison.Ordinal));
            Same(await ColumnsAsync(journey.Source, database, []), await ColumnsAsync(journey.Destination, target, renamed ? names : []));
        }
    }

    private static DatabaseSelection Selection(string database, Dictionary<string, string> names, params string[] renamed) =>
        new(database, names[database], true, [.. renamed.Select(t => new TableSelection(t, names[t]))]);

    private static async Task<int> CountAsync(Journey journey, params string[] databases)
    {
        string list = string.Join(',', databases.Select(MySql.Session.SqlText.Literal));
        return int.Parse(
            (await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ({list})) + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA IN ({list}))"))!,
            System.Globalization.CultureInfo.InvariantCulture);
    }

    // Names back to the source's, definers apart unless they are kept; collations are compared column by column, because whether they are printed depends on how they were given.
    internal static async Task<string> DumpAsync(MySqlServer server, string database, Dictionary<string, string> names, bool definers)
    {
        string text = await server.Binaries.Mysqldump!.RunAsync(
            [.. server.ClientArguments("--no-data", "--routines", "--events", "--triggers", "--skip-comments", "--skip-dump-date", "--set-gtid-purged=OFF", "--force", database)], string.Empty, CancellationToken.None);
        return Normalize(definers ? text : Definer().Replace(text, string.Empty), names);
    }

    internal static async Task<string> ColumnsAsync(MySqlServer server, string database, Dictionary<string, string> names)
    {
        string of = MySql.Session.SqlText.Literal(database);
        string text = await server.RunSqlAsync(
            $"SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, COLLATION_NAME, EXTRA, GENERATION_EXPRESSION, SRS_ID FROM information_schema.COLUMNS WHERE TABLE_SCHEMA={of};"
            + $"SELECT TABLE_NAME, ENGINE, ROW_FORMAT, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA={of};"
            + $"SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME={of};"
            + $"SELECT CONSTRAINT_NAME, TABLE_NAME, REFERENCED_TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, MATCH_OPTION, UPDATE_RULE, DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA={of};"
            + $"SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA={of} AND PARTITION_NAME IS NOT NULL;"
            + $"SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, SUB_PART, COLLATION, IS_VISIBLE, INDEX_TYPE, EXPRESSION, INDEX_COMMENT FROM information_schema.STATISTICS WHERE TABLE_SCHEMA={of}",
            CancellationToken.None);
        return Normalize(text, names);
    }

    internal static void Same(string left, string right)
    {
        string[] source = left.Split('\n');
        string[] destination = right.Split('\n');
        Assert.True(left == right, $"only on the source:\n{string.Join('\n', Counted(source).Except(Counted(destination)))}\nonly on the destination:\n{string.Join('\n', Counted(destination).Except(Counted(source)))}");
        Assert.True(source.Length > 10);
    }

    private static IEnumerable<string> Counted(IEnumerable<string> lines) => lines.GroupBy(l => l).Select(g => $"{g.Count()} x {g.Key}");

    private static string Normalize(string text, Dictionary<string, string> names)
    {
        text = text.Replace("``", "´", StringComparison.Ordinal);
        foreach (var (from, to) in names.OrderByDescending(n => n.Value.Length))
        {
            text = text.Replace(to.Replace("`", "´", StringComparison.Ordinal), from, StringComparison.Ordinal).Replace(to, from, StringComparison.Ordinal);
        }

        text = Collate().Replace(text.Replace("`", string.Empty, StringComparison.Ordinal), string.Empty);
        return string.Join('\n', text.Split('\n').Select(l => l.TrimEnd(' ', ',')).Where(l => l.Length > 0).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"DEFINER=\S+@\S+ |SQL SECURITY (DEFINER|INVOKER) ?|/\*!50013 .*? \*/|/\*!5001[37] DEFINER=\S+\*/ ?")]
    private static partial Regex Definer();

    // The server itself rewrites the introducer of a literal to the compared column's character set whenever it rebuilds the table.
    [GeneratedRegex(@" CHARACTER SET \w+| COLLATE[ =]\w+|(?<=\W)_(utf8mb4|ascii)(?=\\?')")]
    private static partial Regex Collate();
}
