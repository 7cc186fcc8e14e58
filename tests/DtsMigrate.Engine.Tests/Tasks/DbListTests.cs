using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tasks.DbList;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class DbListTests : IDisposable
{
    private const string Good = """
        { "db1": { "name": "db1_new", "all": true, "dml_op": "i,u,d", "ddl_op": "" },
          "db2": { "name": "db2", "all": false, "state": "normal", "Table": { "t1": { "name": "t1_new", "all": true, "dml_op": "i, U", "ddl_op": "create table,AlterTable" }, "t2": { "all": true, "filter": "" } } } }
        """;

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Databases_and_tables_keep_or_change_their_names()
    {
        IReadOnlyList<DatabaseSelection> objects = DbListReader.Parse(Good);

        Assert.Equal(("db1", "db1_new", true), (objects[0].Name, objects[0].To, objects[0].All));
        Assert.Equal(("db2", "db2", false), (objects[1].Name, objects[1].To, objects[1].All));
        Assert.Equal([new TableSelection("t1", "t1_new") { Operations = new OperationKinds(DmlKinds.Insert | DmlKinds.Update, DdlKinds.CreateTable | DdlKinds.AlterTable) }, new TableSelection("t2", "t2")], objects[1].Tables);
    }

    [Fact]
    public void A_list_that_is_written_is_read_as_the_same_selection()
    {
        IReadOnlyList<DatabaseSelection> objects = DbListReader.Parse(Good);

        Assert.Equal(DbListWriter.ToJson(objects), DbListWriter.ToJson(DbListReader.Parse(DbListWriter.ToJson(objects))));
    }

    [Theory]
    [InlineData("""{ "a": { "all": true, "filter": "id > 1" } }""", "$.a.filter")]
    [InlineData("""{ "a": { "all": false, "Table": { "t": { "all": true, "filter": "id > 1" } } } }""", "$.a.Table.t.filter")]
    [InlineData("""{ "a": { "all": false, "Table": { "t": { "all": false, "column": { "id": {} } } } } }""", "$.a.Table.t.column")]
    [InlineData("""{ "a": { "all": true, "dml_op": "i,x" } }""", "$.a.dml_op")]
    [InlineData("""{ "a": { "all": true, "dml_op": 7 } }""", "$.a.dml_op")]
    [InlineData("""{ "a": { "all": false, "Table": { "t": { "all": true, "ddl_op": "CreateView" } } } }""", "$.a.Table.t.ddl_op")]
    [InlineData("""{ "a": { "all": true, "ddl_op": "ct" } }""", "$.a.ddl_op")]
    [InlineData("""{ "a": { "all": false } }""", "$.a")]
    [InlineData("""{ "a": { "all": "yes" } }""", "$.a.all")]
    [InlineData("""{ "a": { "all": true, "grayName": "x" } }""", "$.a.grayName")]
    [InlineData("""{ "a": 1 }""", "$.a")]
    [InlineData("[]", "$")]
    [InlineData("{", "$")]
    public void What_cannot_be_done_is_refused_by_its_path(string json, string path)
    {
        var error = Assert.Throws<TaskDefinitionException>(() => DbListReader.Parse(json));

        Assert.Equal(path, Assert.Single(error.Faults).Path);
    }

    [Fact]
    public void A_list_becomes_a_task_with_the_servers_that_are_given()
    {
        string file = Write(Good);
        MigrationTask other = Definitions.Task;

        MigrationTask task = TaskImport.ReadFile(file, "imported", other.Source, other.Destination);

        Assert.Equal(("imported", other.Source, 2), (task.Name, task.Source, task.Objects.Count));
    }

    [Fact]
    public void A_list_without_servers_is_no_task()
    {
        string file = Write(Good);

        var error = Assert.Throws<DtsMigrateException>(() => TaskImport.ReadFile(file, "imported", null, null));

        Assert.Equal("ImportIncomplete", error.Code);
    }

    [Fact]
    public void A_definition_is_taken_over_under_another_name()
    {
        string file = Write(TaskDefinitionWriter.ToJson(Definitions.Task));

        MigrationTask task = TaskImport.ReadFile(file, "other", null, null);

        Assert.Equal(("other", Definitions.Task.Source), (task.Name, task.Source));
    }

    [Fact]
    public void A_definition_under_an_illegal_name_is_refused()
    {
        string file = Write(TaskDefinitionWriter.ToJson(Definitions.Task));

        Assert.Throws<TaskDefinitionException>(() => TaskImport.ReadFile(file, "a/b", null, null));
    }

    private string Write(string text)
    {
        Directory.CreateDirectory(_home.Home.FullPath);
        string path = Path.Combine(_home.Home.FullPath, "file.json");
        File.WriteAllText(path, text);
        return path;
    }
}
