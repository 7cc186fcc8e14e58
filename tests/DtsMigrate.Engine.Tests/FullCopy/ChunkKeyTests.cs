using System.Text;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class ChunkKeyTests
{
    [Fact]
    public void One_column_gives_a_plain_range()
    {
        var key = ChunkKey.For(Table(Column("id", "int")))!;
        Assert.Equal(string.Empty, key.Where(null, null, null));
        Assert.Equal(" WHERE `id`>5", key.Where(null, ["5"], null));
        Assert.Equal(" WHERE `id`<=9", key.Where(null, null, ["9"]));
        Assert.Equal(" WHERE `id`>5 AND `id`<=9", key.Where(null, ["5"], ["9"]));
        Assert.Equal("FORCE INDEX (`PRIMARY`)", key.ForceIndex);
    }

    [Fact]
    public void Several_columns_compare_as_a_row_with_a_range_on_the_first()
    {
        var key = ChunkKey.For(Table(Column("a", "int"), Column("b", "date"), Column("c`", "bigint")))!;
        Assert.Equal("`a`,`b`,`c```", key.Order);
        Assert.Equal(" WHERE `a`>=1 AND ((`a`>1) OR (`a`=1 AND `b`>2) OR (`a`=1 AND `b`=2 AND `c```>3))", key.Where(null, ["1", "2", "3"], null));
        Assert.Equal(" WHERE `a`<=1 AND ((`a`<1) OR (`a`=1 AND `b`<2) OR (`a`=1 AND `b`=2 AND `c```<=3))", key.Where(null, null, ["1", "2", "3"]));
    }

    [Theory]
    [InlineData("enum")]
    [InlineData("set")]
    [InlineData("bit")]
    [InlineData("float")]
    [InlineData("double")]
    [InlineData("json")]
    public void Columns_that_do_not_compare_as_they_are_ordered_end_the_key(string type)
    {
        Assert.Null(ChunkKey.For(Table(Column("x", type), Column("a", "int"))));
        Assert.Equal(1, ChunkKey.For(Table(Column("a", "int"), Column("x", type)))!.Count);
    }

    [Fact]
    public void Literals_say_how_they_compare()
    {
        var key = ChunkKey.For(Table(
            Column("n", "decimal"),
            Column("s", "varchar") with { Charset = "sjis", Collation = "sjis_japanese_ci" },
            Column("e", "char") with { Charset = "latin1", Collation = "latin1_bin" },
            Column("b", "varbinary"),
            Column("t", "time")))!;
        var row = new TextRow([Encoding.ASCII.GetBytes("-1.50"), [0x83, 0x5C], [], [], Encoding.ASCII.GetBytes("-00:00:01")]);
        Assert.Equal(["-1.50", "_sjis 0x835C COLLATE sjis_japanese_ci", "_latin1'' COLLATE latin1_bin", "_binary''", "'-00:00:01'"], key.ToLiterals(row));
    }

    private static ColumnDefinition Column(string name, string type) =>
        new() { Name = name, Index = 0, DataType = type, ColumnType = type, IsNullable = false, IsGenerated = false };

    private static TableDefinition Table(params ColumnDefinition[] key) => new()
    {
        Name = new QualifiedName("d", "t"),
        Columns = key,
        UniqueKeys = [new KeyDefinition("PRIMARY", key, true, false)],
        Engine = "InnoDB",
        CreateSql = string.Empty,
        Hash = string.Empty,
    };
}
