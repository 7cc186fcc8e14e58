using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class TableCatalogTests
{
    private static readonly QualifiedName Parent = new("d", "par");
    private static readonly TableRoute Child = Route(2, "chi", "CREATE TABLE `chi` (`id` int, `p` int, KEY `p` (`p`), CONSTRAINT `fk` FOREIGN KEY (`p`) REFERENCES `par` (`id`) ON DELETE CASCADE)", "id", "p");

    [Fact]
    public void A_parent_that_was_brought_in_cascades_once_its_columns_are_known()
    {
        var catalog = Catalog(Route(1, "par", "CREATE TABLE `par` (`id` int)", "id"), Child);
        Assert.Equal("chi", Assert.Single(catalog[1].Cascades).Child.Name.Name);
        Assert.False(catalog[1].HasUnknownCascades);

        catalog.Remove(1);
        catalog.Set(Route(3, "par", string.Empty));
        Assert.Empty(catalog[3].Cascades);
        Assert.True(catalog[3].HasUnknownCascades);
        Assert.False(catalog[2].HasUnknownCascades);

        catalog.Set(Route(3, "par", "CREATE TABLE `par` (`v` int, `id` int)", "v", "id"));
        Assert.Equal(1, Assert.Single(Assert.Single(catalog[3].Cascades).ParentColumns).Index);
        Assert.False(catalog[3].HasUnknownCascades);
    }

    [Fact]
    public void A_foreign_key_follows_the_column_that_it_refers_to()
    {
        var catalog = Catalog(Route(1, "par", "CREATE TABLE `par` (`id` int)", "id"), Child);
        catalog.Set(Route(1, "par", "CREATE TABLE `par` (`a``b` int)", "a`b"));
        Assert.True(catalog[1].HasUnknownCascades);

        var renamed = DefinitionMerge.RenameParentColumns(Child.Definition, Parent, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["ID"] = "a`b" });
        Assert.Equal(Child.Definition.CreateSql.Replace("`par` (`id`)", "`par` (`a``b`)", StringComparison.Ordinal), renamed?.CreateSql);
        catalog.Set(Child with { Definition = renamed! });
        Assert.Single(catalog[1].Cascades);

        Assert.Null(DefinitionMerge.RenameParentColumns(Child.Definition, new QualifiedName("other", "par"), new Dictionary<string, string> { ["id"] = "x" }));
        Assert.Null(DefinitionMerge.RenameParentColumns(Child.Definition, Parent, new Dictionary<string, string> { ["p"] = "x" }));
    }

    private static TableCatalog Catalog(params TableRoute[] routes) => new(
        new ObjectSelection(
            new MigrationTask
            {
                Name = "t",
                Source = new ConnectionDefinition { Host = "s", User = "u" },
                Destination = new ConnectionDefinition { Host = "d", User = "u" },
                Objects = [new DatabaseSelection("d", "d", All: true, [])],
            },
            ignoreCase: false),
        routes);

    private static TableRoute Route(int number, string name, string sql, params string[] columns)
    {
        var definition = new TableDefinition
        {
            Name = new QualifiedName("d", name),
            Columns = [.. columns.Select((c, i) => new ColumnDefinition { Name = c, Index = i, DataType = "int", ColumnType = "int", IsNullable = true, IsGenerated = false })],
            UniqueKeys = [],
            Engine = "InnoDB",
            CreateSql = sql,
            Hash = string.Empty,
        };
        return new TableRoute(number, definition, definition.Name);
    }
}
