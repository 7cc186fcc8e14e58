using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Tests.Tasks;

public class OperationKindsTests
{
    private const string Definition = """
        { "name": "t", "source": { "host": "a", "user": "u" }, "destination": { "host": "b", "user": "u" }, "dml": ["Insert", "Update"],
          "objects": { "d": { "all": true, "ddl": ["CreateTable", "DropView"], "tables": { "own": { "dml": [], "ddl": ["DropTable"] }, "part": { "dml": ["Delete"] } } }, "e": { "all": true, "dml": null } } }
        """;

    private static readonly ObjectSelection Selection = new(TaskDefinitionReader.Parse(Definition), ignoreCase: true);

    [Fact]
    public void Every_kind_of_statement_can_be_selected_under_its_name()
    {
        Assert.All(Enum.GetValues<DdlKind>(), kind => Assert.True(new OperationKinds(null, Enum.Parse<DdlKinds>(kind.ToString())).Has(kind)));
        Assert.All(Enum.GetValues<DdlKind>(), kind => Assert.False(new OperationKinds(null, DdlKinds.All & ~Enum.Parse<DdlKinds>(kind.ToString())).Has(kind)));
        Assert.Equal(Enum.GetValues<DdlKind>().Length, OperationKinds.Single(DdlKinds.All).Count());
    }

    [Theory]
    [InlineData("d", "own", DmlKinds.None, DdlKinds.DropTable)]
    [InlineData("d", "OWN", DmlKinds.None, DdlKinds.DropTable)]
    [InlineData("d", "part", DmlKinds.Delete, DdlKinds.CreateTable | DdlKinds.DropView)]
    [InlineData("d", "other", DmlKinds.Insert | DmlKinds.Update, DdlKinds.CreateTable | DdlKinds.DropView)]
    [InlineData("e", "any", DmlKinds.Insert | DmlKinds.Update, DdlKinds.All)]
    public void The_nearest_selection_counts(string database, string table, DmlKinds dml, DdlKinds ddl) =>
        Assert.Equal(new OperationKinds(dml, ddl), Selection.OperationsOf(new QualifiedName(database, table)));

    [Fact]
    public void What_is_no_table_goes_by_its_database() => Assert.Equal(new OperationKinds(DmlKinds.Insert | DmlKinds.Update, DdlKinds.CreateTable | DdlKinds.DropView), Selection.OperationsOf("d"));

    [Theory]
    [InlineData("\"dml\": [\"Insert\", \"Update\"]", "\"dml\": [\"Insert\", \"Insert\"]", "$.dml[1]")]
    [InlineData("\"dml\": [\"Insert\", \"Update\"]", "\"dml\": \"Insert\"", "$.dml")]
    [InlineData("\"dml\": []", "\"dml\": [\"insert\"]", "$.objects.d.tables.own.dml[0]")]
    [InlineData("\"ddl\": [\"DropTable\"]", "\"ddl\": [\"CreateView\"]", "$.objects.d.tables.own.ddl[0]")]
    [InlineData("\"ddl\": [\"DropTable\"]", "\"ddl\": [\"Tables\"]", "$.objects.d.tables.own.ddl[0]")]
    [InlineData("\"dml\": [\"Insert\", \"Update\"]", "\"migrationTypes\": [\"Full\"]", "$.migrationTypes")]
    public void Faults_are_named_by_their_paths(string old, string replacement, string path)
    {
        var error = Assert.Throws<TaskDefinitionException>(() => TaskDefinitionReader.Parse(Definition.Replace(old, replacement, StringComparison.Ordinal)));

        Assert.Equal(path, Assert.Single(error.Faults).Path);
    }

    [Fact]
    public void Progress_belongs_to_the_kinds_and_a_task_that_selects_none_keeps_its_hash()
    {
        MigrationTask task = Definitions.Task;

        Assert.NotEqual(DefinitionHash.Of(task), DefinitionHash.Of(task with { Operations = new OperationKinds(DmlKinds.Insert, null) }));
        Assert.NotEqual(DefinitionHash.Of(task), DefinitionHash.Of(task with { Objects = [.. task.Objects.Select(d => d with { Operations = new OperationKinds(null, DdlKinds.None) })] }));
        Assert.DoesNotContain("dml", TaskDefinitionWriter.ToJson(task), StringComparison.Ordinal);
    }
}
