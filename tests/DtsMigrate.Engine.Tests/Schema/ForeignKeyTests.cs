using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using static DtsMigrate.Engine.Tests.Schema.SampleTables;

namespace DtsMigrate.Engine.Tests.Schema;

public sealed class ForeignKeyTests
{
    [Fact]
    public void Foreign_keys_are_read_with_database_columns_and_actions()
    {
        var keys = Read(
            "CONSTRAINT `f``1` FOREIGN KEY (`a`, `b`) REFERENCES `p` (`x`, `y`)",
            "CONSTRAINT `f2` FOREIGN KEY (`a`) REFERENCES `o``db`.`p2` (`x`) ON DELETE SET NULL ON UPDATE CASCADE");
        Assert.Equal(("f`1", new QualifiedName("shop", "p"), null, null, false), (keys[0].Name, keys[0].Parent, keys[0].OnDelete, keys[0].OnUpdate, keys[0].Cascades));
        Assert.Equal(["a", "b"], keys[0].Columns);
        Assert.Equal(["x", "y"], keys[0].ParentColumns);
        Assert.Equal(("f2", new QualifiedName("o`db", "p2"), "SET NULL", "CASCADE", true), (keys[1].Name, keys[1].Parent, keys[1].OnDelete, keys[1].OnUpdate, keys[1].Cascades));
    }

    [Fact]
    public void Add_clause_names_the_mapped_parent_and_reads_back_the_same()
    {
        var key = Read("CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE NO ACTION ON UPDATE SET DEFAULT").Single();
        string clause = key.ToAddClause(new QualifiedName("n", "q"));
        Assert.Equal("ADD CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `n`.`q` (`x`) ON DELETE NO ACTION ON UPDATE SET DEFAULT", clause);
        Assert.True(key.MeansSameAs(Read(clause[4..]).Single(), new QualifiedName("n", "q"), StringComparer.Ordinal));
    }

    [Fact]
    public void Restrict_no_action_and_nothing_mean_the_same_and_cascade_does_not()
    {
        var plain = Read("CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `p` (`x`)").Single();
        var restrict = Read("CONSTRAINT `f` FOREIGN KEY (`A`) REFERENCES `p` (`X`) ON DELETE RESTRICT ON UPDATE NO ACTION").Single();
        var cascade = Read("CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE CASCADE").Single();
        Assert.True(plain.MeansSameAs(restrict, restrict.Parent, StringComparer.Ordinal));
        Assert.False(plain.MeansSameAs(cascade, cascade.Parent, StringComparer.Ordinal));
    }

    [Fact]
    public void A_foreign_key_with_an_unknown_part_is_an_error() =>
        Assert.Equal("SqlNotUnderstood", Assert.Throws<DtsMigrateException>(() => Read("CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE EXPLODE")).Code);

    [Fact]
    public void Parents_follow_the_mapping_and_unselected_ones_keep_their_name()
    {
        var parents = new ForeignKeyParents([new TableRoute(1, Table("x"), new QualifiedName("new", "t2"))], ignoreCase: false);
        Assert.Equal(new QualifiedName("new", "t2"), parents.Map(new QualifiedName("shop", "t")));
        Assert.Equal(new QualifiedName("shop", "T"), parents.Map(new QualifiedName("shop", "T")));
        Assert.False(parents.IsSelected(new QualifiedName("shop", "T")));
        Assert.True(new ForeignKeyParents([new TableRoute(1, Table("x"), new QualifiedName("new", "t2"))], ignoreCase: true).IsSelected(new QualifiedName("Shop", "T")));
    }

    private static IReadOnlyList<ForeignKeyDefinition> Read(params string[] elements) =>
        CreateTableStatement.Parse($"CREATE TABLE `t` (\n  `a` int,\n  {string.Join(",\n  ", elements)}\n) ENGINE=InnoDB").ReadForeignKeys("shop");
}
