using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Transform;

public sealed class ObjectSelectionTests
{
    private static readonly ObjectSelection Selection = new(
        Task(
            new DatabaseSelection("shop", "shop2", true, [new TableSelection("orders", "bestellungen")]),
            new DatabaseSelection("crm", "crm", false, [new TableSelection("client", "customer")])),
        ignoreCase: false);

    [Fact]
    public void A_whole_database_selects_every_table_and_renames_the_listed_ones()
    {
        Assert.True(Selection.SelectsWholeDatabase("shop"));
        Assert.True(Selection.Selects(new QualifiedName("shop", "made later")));
        Assert.Equal(new QualifiedName("shop2", "made later"), Selection.Map(new QualifiedName("shop", "made later")));
        Assert.Equal(new QualifiedName("shop2", "bestellungen"), Selection.Map(new QualifiedName("shop", "orders")));
    }

    [Fact]
    public void A_list_selects_its_tables_only()
    {
        Assert.True(Selection.SelectsDatabase("crm"));
        Assert.False(Selection.SelectsWholeDatabase("crm"));
        Assert.True(Selection.Selects(new QualifiedName("crm", "client")));
        Assert.False(Selection.Selects(new QualifiedName("crm", "other")));
        Assert.Equal(new QualifiedName("crm", "customer"), Selection.Map(new QualifiedName("crm", "client")));
        Assert.Throws<ArgumentException>(() => Selection.Map(new QualifiedName("crm", "other")));
    }

    [Fact]
    public void Case_counts_unless_the_source_ignores_it()
    {
        Assert.False(Selection.Selects(new QualifiedName("CRM", "client")));
        Assert.False(Selection.Selects(new QualifiedName("crm", "Client")));
        var ignoring = new ObjectSelection(Task(new DatabaseSelection("crm", "crm", false, [new TableSelection("Client", "customer")])), ignoreCase: true);
        Assert.Equal(new QualifiedName("crm", "customer"), ignoring.Map(new QualifiedName("CRM", "client")));
    }

    [Fact]
    public void Names_that_are_one_object_on_the_source_are_refused()
    {
        var task = Task(new DatabaseSelection("a", "a", false, [new TableSelection("t", "t1"), new TableSelection("T", "t2")]));
        Assert.True(new ObjectSelection(task, ignoreCase: false).Selects(new QualifiedName("a", "T")));
        Assert.Equal("ObjectSelectedTwice", Assert.Throws<DtsMigrateException>(() => new ObjectSelection(task, ignoreCase: true)).Code);
    }

    private static MigrationTask Task(params DatabaseSelection[] objects) => new()
    {
        Name = "t",
        Source = new ConnectionDefinition { Host = "s", User = "u" },
        Destination = new ConnectionDefinition { Host = "d", User = "u" },
        Objects = objects,
    };
}
