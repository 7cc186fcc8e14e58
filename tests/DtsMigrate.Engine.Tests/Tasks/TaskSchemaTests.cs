using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Tasks;

/// <summary>docs/task.schema.json and docs/task.md say what the reader does.</summary>
public class TaskSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Repository.File("docs/task.schema.json"))).RootElement;
    private static readonly string Manual = File.ReadAllText(Repository.File("docs/task.md"));

    [Fact]
    public void The_schema_has_the_members_that_the_reader_knows()
    {
        Same(TaskMembers.Root, Schema);
        Same(TaskMembers.Connection, Definition("connection"));
        Same(TaskMembers.Password, Definition("password"));
        Same(TaskMembers.Database, Definition("database"));
        Same(TaskMembers.Table, Definition("table"));
        Same(TaskMembers.Options, Definition("options"));
        Same(TaskMembers.Throttle, Definition("throttle"));
        Same(TaskMembers.LoadLimits, Definition("loadLimits"));
        Same(TaskMembers.Alerts, Definition("alerts"));

        static void Same(string[] members, JsonElement definition)
        {
            Assert.Equal(members.Order(StringComparer.Ordinal), definition.GetProperty("properties").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
            Assert.False(definition.GetProperty("additionalProperties").ValueKind == JsonValueKind.True);
        }
    }

    [Fact]
    public void The_manual_describes_every_member_that_the_reader_knows()
    {
        string[] members = [.. TaskMembers.Root, .. TaskMembers.Connection, .. TaskMembers.Database, .. TaskMembers.Table, .. TaskMembers.Options, .. TaskMembers.Throttle, .. TaskMembers.LoadLimits, .. TaskMembers.Alerts];
        Assert.All(members, member => Assert.Contains($"| `{member}` |", Manual, StringComparison.Ordinal));
        Assert.All(TaskMembers.Password, member => Assert.Contains($"\"{member}\":", Manual, StringComparison.Ordinal));
    }

    [Fact]
    public void Ranges_are_those_of_the_validator()
    {
        foreach (PropertyInfo property in typeof(TaskOptionRange).GetProperties(BindingFlags.Public | BindingFlags.Static))
        {
            var range = (TaskOptionRange)property.GetValue(null)!;
            JsonElement member = new[] { "connection", "options", "throttle", "loadLimits", "alerts" }
                .Select(name => Definition(name).GetProperty("properties"))
                .Single(members => members.TryGetProperty(range.Member, out _))
                .GetProperty(range.Member);
            Assert.Equal((range.Minimum, range.Maximum), (member.GetProperty("minimum").GetInt64(), member.GetProperty("maximum").GetInt64()));
            Assert.Matches($@"\| `{range.Member}` \|.*\| {range.Minimum}\.\.{range.Maximum}[ ,;|]", Manual);
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_records()
    {
        using JsonDocument defaults = JsonDocument.Parse(TaskDefinitionWriter.ToJson(Definitions.Task with { Options = new TaskOptions() }));
        Same("options", defaults.RootElement.GetProperty("options"));

        static void Same(string definition, JsonElement defaults)
        {
            foreach (JsonProperty member in Definition(definition).GetProperty("properties").EnumerateObject())
            {
                if (member.Value.TryGetProperty("$ref", out JsonElement reference))
                {
                    // A member that has no default of its own, such as a password, is not written.
                    if (defaults.TryGetProperty(member.Name, out JsonElement inner))
                    {
                        Same(reference.GetString()!.Split('/')[^1], inner);
                    }

                    continue;
                }

                // What has no default of its own is not written.
                string written = defaults.TryGetProperty(member.Name, out JsonElement value) ? value.GetRawText() : "null";
                Assert.Equal(written, member.Value.GetProperty("default").GetRawText());
                Assert.Matches($@"\| `{member.Name}` \|.*\| {Regex.Escape(written)}[ |]", Manual);
            }
        }
    }

    [Fact]
    public void Words_are_those_of_the_enumerations()
    {
        Same<TlsMode>(Definition("connection").GetProperty("properties").GetProperty("tls"));
        Same<ApplyMode>(Definition("options").GetProperty("properties").GetProperty("applyMode"));
        Same<DdlFailurePolicy>(Definition("options").GetProperty("properties").GetProperty("ddlFailure"));
        Same<GeneratedColumnPolicy>(Definition("options").GetProperty("properties").GetProperty("generatedColumns"));
        Same<LateIndexes>(Definition("options").GetProperty("properties").GetProperty("lateIndexes"));
        Same<DefinerMode>(Definition("options").GetProperty("properties").GetProperty("definerMode"));
        Same<NameCapitalization>(Definition("options").GetProperty("properties").GetProperty("capitalization"));
        Same<TriggerMethod>(Definition("options").GetProperty("properties").GetProperty("triggerMethod"));
        Same<ConflictMode>(Schema.GetProperty("properties").GetProperty("conflictMode"));
        Assert.Equal(TaskSizes.Names, Words(Definition("options").GetProperty("properties").GetProperty("size")));
        Assert.Equal(
            Enum.GetNames<DestinationTuning>().Skip(1),
            Words(Definition("options").GetProperty("properties").GetProperty("destinationTuning").GetProperty("items")));
        Assert.Equal(["Schema", "Full", "Incremental"], Words(Schema.GetProperty("properties").GetProperty("migrationTypes").GetProperty("items")));

        static void Same<T>(JsonElement member)
            where T : struct, Enum => Assert.Equal(Enum.GetNames<T>(), Words(member));

        static IEnumerable<string?> Words(JsonElement member) => member.GetProperty("enum").EnumerateArray().Select(word => word.GetString());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.b")]
    [InlineData("a.")]
    [InlineData("-a")]
    [InlineData("Shop-1_x")]
    [InlineData("a b")]
    [InlineData("")]
    public void The_pattern_of_names_is_the_validators(string name) =>
        Assert.Equal(TaskName.IsValid(name), Regex.IsMatch(name, Schema.GetProperty("properties").GetProperty("name").GetProperty("pattern").GetString()!));

    [Fact]
    public void The_example_of_the_manual_is_read()
    {
        Match example = Regex.Match(Manual, "```json\n(.*?)```", RegexOptions.Singleline);

        MigrationTask task = TaskDefinitionReader.Parse(example.Groups[1].Value);

        Assert.Equal(8, task.Options.CopyThreads);
    }

    private static JsonElement Definition(string name) => Schema.GetProperty("$defs").GetProperty(name);
}
