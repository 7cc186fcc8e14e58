using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Tests.Replication.Cascades;

public sealed class CascadeGraphTests
{
    private static readonly string[] Names = ["root", "kid", "grandkid", "other", "tree"];

    [Fact]
    public void A_child_whose_rows_are_only_deleted_is_copied_like_any_table()
    {
        var graph = Graph(("kid", "p", "root", "CASCADE", null));
        Assert.False(graph.NeedsExactCopy(2));
        Assert.Empty(graph.TiedTo(2));
        Assert.Equal([1], graph.Above(2));
        Assert.Empty(graph.Problems());
    }

    [Theory]
    [InlineData("SET NULL", null)]
    [InlineData(null, "CASCADE")]
    [InlineData("CASCADE", "SET NULL")]
    public void A_child_whose_rows_are_changed_is_read_as_of_one_position(string? onDelete, string? onUpdate) =>
        Assert.True(Graph(("kid", "p", "root", onDelete, onUpdate)).NeedsExactCopy(2));

    [Theory]
    [InlineData(null, null)]
    [InlineData("RESTRICT", "NO ACTION")]
    [InlineData(null, "SET DEFAULT")]
    public void A_key_that_refuses_changes_asks_for_nothing(string? onDelete, string? onUpdate) =>
        Assert.False(Graph(("kid", "p", "root", onDelete, onUpdate)).NeedsExactCopy(2));

    [Fact]
    public void What_a_cascade_goes_through_is_copied_first_and_catches_up_with_what_it_comes_to()
    {
        var graph = Graph(("kid", "p", "root", "CASCADE", null), ("grandkid", "p", "kid", "CASCADE", null), ("other", "p", "root", "SET NULL", null));
        Assert.True(graph.NeedsExactCopy(2));
        Assert.False(graph.NeedsExactCopy(3));
        Assert.Equal([2], graph.CopiedBefore(3));
        Assert.Empty(graph.CopiedBefore(2));
        Assert.Equal([3], graph.TiedTo(2));
        Assert.Equal([2], graph.TiedTo(3));
        Assert.Empty(graph.TiedTo(4));
        Assert.Empty(graph.TiedTo(1));
        Assert.Equal([1, 2], graph.Above(3));
        Assert.Empty(graph.Problems());
    }

    [Fact]
    public void A_table_that_refers_to_itself_is_read_at_once_and_waits_for_nobody()
    {
        var graph = Graph(("tree", "p", "tree", "CASCADE", null));
        Assert.True(graph.NeedsExactCopy(5));
        Assert.Empty(graph.CopiedBefore(5));
        Assert.Empty(graph.Problems());
    }

    [Fact]
    public void Tables_that_change_one_another_are_refused_and_do_not_wait_for_one_another()
    {
        var graph = Graph(("kid", "p", "grandkid", "CASCADE", null), ("grandkid", "p", "kid", "SET NULL", null));
        Assert.Empty(graph.CopiedBefore(2));
        Assert.Empty(graph.CopiedBefore(3));
        Assert.Equal(2, graph.Problems().Count);
    }

    [Fact]
    public void A_parent_that_is_not_selected_and_a_column_in_two_keys_are_refused()
    {
        var graph = Graph(("kid", "p", "elsewhere", "CASCADE", null), ("other", "p", "root", null, "CASCADE"), ("other", "p", "tree", "CASCADE", null));
        Assert.Collection(
            graph.Problems(),
            p => Assert.Contains("shop.elsewhere", p, StringComparison.Ordinal),
            p => Assert.Contains("shop.other: a column is in two", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_of_other_types_are_refused()
    {
        var tables = Tables(("kid", "p", "root", "CASCADE", null)).ToList();
        var parent = tables[0].Definition;
        tables[0] = tables[0] with { Definition = parent with { Columns = [parent.Columns[0] with { ColumnType = "int unsigned" }, .. parent.Columns.Skip(1)] } };
        Assert.Contains("types", Assert.Single(new CascadeGraph(tables, StringComparer.Ordinal).Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_compared_as_the_source_does()
    {
        var tables = Tables(("kid", "p", "ROOT", "SET NULL", null)).ToList();
        Assert.False(new CascadeGraph(tables, StringComparer.Ordinal).NeedsExactCopy(2));
        Assert.True(new CascadeGraph(tables, StringComparer.OrdinalIgnoreCase).NeedsExactCopy(2));
    }

    private static CascadeGraph Graph(params (string Child, string Column, string Parent, string? OnDelete, string? OnUpdate)[] keys) => new(Tables(keys), StringComparer.Ordinal);

    private static IEnumerable<CascadeTable> Tables(params (string Child, string Column, string Parent, string? OnDelete, string? OnUpdate)[] keys) => Names.Select((name, i) => new CascadeTable(
        i + 1,
        new TableDefinition
        {
            Name = new QualifiedName("shop", name),
            Columns = [Column("id", 0), Column("p", 1)],
            UniqueKeys = [],
            Engine = "InnoDB",
            CreateSql = string.Empty,
            Hash = string.Empty,
        },
        [.. keys.Where(k => k.Child == name).Select((k, n) => new ForeignKeyDefinition($"{name}_{n}", [k.Column], new QualifiedName("shop", k.Parent), ["id"], k.OnDelete, k.OnUpdate))]));

    private static ColumnDefinition Column(string name, int index) => new() { Name = name, Index = index, DataType = "int", ColumnType = "int", IsNullable = true, IsGenerated = false };
}
