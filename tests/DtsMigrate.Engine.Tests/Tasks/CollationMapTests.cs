using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Schema;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class CollationMapTests
{
    private static readonly CollationMap Map = new([KeyValuePair.Create("utf8mb4_0900_ai_ci", "utf8mb4_unicode_ci"), KeyValuePair.Create("utf8_bin", "utf8_general_ci")]);

    [Theory]
    [InlineData("a varchar(5) COLLATE utf8mb4_0900_ai_ci", "a varchar(5) COLLATE utf8mb4_unicode_ci")]
    [InlineData("DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci", "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci")]
    [InlineData("((a collate utf8mb4_0900_ai_ci) = _utf8mb4'COLLATE utf8mb4_0900_ai_ci')", "((a collate utf8mb4_unicode_ci) = _utf8mb4'COLLATE utf8mb4_0900_ai_ci')")]
    [InlineData("COLLATE 'utf8mb4_0900_ai_ci' /* COLLATE utf8mb4_0900_ai_ci */", "COLLATE utf8mb4_unicode_ci /* COLLATE utf8mb4_0900_ai_ci */")]
    [InlineData("COLLATE utf8mb4_bin, utf8mb4_0900_ai_ci", "COLLATE utf8mb4_bin, utf8mb4_0900_ai_ci")]
    [InlineData("COLLATE utf8mb3_bin", "COLLATE utf8_general_ci")]
    public void Names_change_where_a_collation_stands(string sql, string expected) => Assert.Equal(expected, CollationNames.Rewrite(sql, SqlSyntax.Default, Map.Of));

    [Theory]
    [InlineData("""{ "utf8mb4_bin": "latin1_bin" }""", "another character set")]
    [InlineData("""{ "utf8mb4_bin": "utf8mb4 bin" }""", "not the name of a collation")]
    [InlineData("""{ "utf8mb4_bin": 3 }""", "must be a text")]
    [InlineData("""["utf8mb4_bin"]""", "must be an object")]
    public void What_cannot_be_meant_is_refused_by_name(string map, string words)
    {
        string json = TaskDefinitionWriter.ToJson(Definitions.Task with { Options = new TaskOptions() });
        int at = json.IndexOf("\"options\": {", StringComparison.Ordinal);
        var error = Assert.Throws<TaskDefinitionException>(() => TaskDefinitionReader.Parse(json.Insert(at + "\"options\": {".Length, $"\"collationMap\": {map},")));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("$.options.collationMap", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        MigrationTask task = Definitions.Task with { Options = new TaskOptions { CollationMap = Map } };
        Assert.Equal(Map, TaskDefinitionReader.Parse(TaskDefinitionWriter.ToJson(task)).Options.CollationMap);
        Assert.NotEqual(Map, CollationMap.None);
    }

    [Fact]
    public void It_needs_schema_migration_and_tables_that_nobody_else_fills()
    {
        MigrationTask task = Definitions.Task with { Options = new TaskOptions { CollationMap = Map } };
        Assert.Contains("creates no tables", Assert.Throws<TaskDefinitionException>(() => TaskValidator.Validate(task with { MigrationTypes = MigrationTypes.Full })).Message, StringComparison.Ordinal);
        Assert.Contains("IgnoreErrorsAndProceed", Assert.Throws<TaskDefinitionException>(() => TaskValidator.Validate(task with { ConflictMode = ConflictMode.IgnoreErrorsAndProceed })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_compared_otherwise_is_seen_under_both_names()
    {
        var old = SampleTables.Table("x", "utf8mb4_bin", SampleTables.Column("a", "varchar(5)", "utf8mb4", "utf8mb4_0900_ai_ci"));
        Assert.False(Map.MayJoinKeys(old));
        foreach (string collation in new[] { "utf8mb4_0900_ai_ci", "utf8mb4_unicode_ci" })
        {
            var column = SampleTables.Column("a", "varchar(5)", "utf8mb4", collation);
            Assert.True(Map.MayJoinKeys(SampleTables.Table("x", "utf8mb4_bin", column) with { UniqueKeys = [new("u", [column], true, false)] }));
        }
    }
}
