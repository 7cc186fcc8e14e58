using System.Text;
using DtsMigrate.Engine.Checkpoint;
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
        Assert.Equal(" ORDER BY `id`", key.OrderBy(null, null, null));
        Assert.Equal("FORCE INDEX (`PRIMARY`)", key.ForceIndex);
        Assert.True(key.IsUnique);
    }

    [Fact]
    public void Several_columns_compare_as_a_row_with_a_range_on_the_first()
    {
        var key = ChunkKey.For(Table(Column("a", "int"), Column("b", "date"), Column("c`", "bigint")))!;
        Assert.Equal(" ORDER BY `a`,`b`,`c```", key.OrderBy(null, null, null));
        Assert.Equal(" WHERE `a`>=1 AND ((`a`>1) OR (`a`=1 AND `b`>2) OR (`a`=1 AND `b`=2 AND `c```>3))", key.Where(null, ["1", "2", "3"], null));
        Assert.Equal(" WHERE `a`<=1 AND ((`a`<1) OR (`a`=1 AND `b`<2) OR (`a`=1 AND `b`=2 AND `c```<=3))", key.Where(null, null, ["1", "2", "3"]));
    }

    [Fact]
    public void Columns_held_in_descending_order_compare_the_other_way_round()
    {
        var key = ChunkKey.For(Table([Column("a", "int"), Column("b", "int")], k => k with { Descending = [0] }))!;
        Assert.Equal(" ORDER BY `a` DESC,`b`", key.OrderBy(null, null, null));
        Assert.Equal(" WHERE `a`<=1 AND ((`a`<1) OR (`a`=1 AND `b`>2))", key.Where(null, ["1", "2"], null));
        Assert.Equal(" WHERE `a`>=1 AND ((`a`>1) OR (`a`=1 AND `b`<=2))", key.Where(null, null, ["1", "2"]));
    }

    [Fact]
    public void A_first_column_that_is_NULL_everywhere_in_a_range_orders_nothing()
    {
        var up = ChunkKey.For(Table(Column("a", "int"), Column("b", "int")))!;
        Assert.Equal(" ORDER BY `b`", up.OrderBy(null, ["NULL", "1"], ["NULL", "2"]));
        Assert.Equal(" ORDER BY `b`", up.OrderBy(null, null, ["NULL", "2"]));
        Assert.Equal(" ORDER BY `a`,`b`", up.OrderBy(null, ["NULL", "1"], ["1", "2"]));
        Assert.Equal(" ORDER BY `a`,`b`", up.OrderBy(null, ["NULL", "1"], null));
        var down = ChunkKey.For(Table([Column("a", "int"), Column("b", "int")], k => k with { Descending = [0] }))!;
        Assert.Equal(" ORDER BY `b`", down.OrderBy(null, ["NULL", "1"], null));
        Assert.Equal(" ORDER BY `a` DESC,`b`", down.OrderBy(null, ["1", "1"], ["NULL", "1"]));
        Assert.Equal(" ORDER BY `a`", ChunkKey.For(Table(Column("a", "int")))!.OrderBy(null, null, ["NULL"]));
    }

    [Fact]
    public void Leading_columns_ordered_by_number_are_fixed_by_the_scope()
    {
        var key = ChunkKey.For(Table(Column("e", "enum"), Column("s", "set"), Column("a", "int")))!;
        Assert.Equal((2, 1, true), (key.FixedCount, key.Count, key.IsUnique));
        var scope = new ChunkScope(null, ["0", "18446744073709551615"]);
        Assert.Equal(" WHERE `e`=0 AND `s`=-1 AND CAST(`s` AS UNSIGNED)=18446744073709551615 AND `a`>5", key.Where(scope, ["5"], null));
        Assert.Equal(" ORDER BY `a`", key.OrderBy(scope, null, null));
        Assert.Equal(" ORDER BY `e`,`s`,`a`", key.OrderBy(null, null, null));
        Assert.True(key.CanCut(scope));
        Assert.False(key.CanCut(null));
        Assert.False(key.CanCut(scope with { Fixed = ["0"] }));
    }

    [Theory]
    [InlineData("enum('a','b''')", "`x`")]
    [InlineData("enum('','b')", "CAST(`x` AS UNSIGNED)")]
    [InlineData("enum('a','','b')", "CAST(`x` AS UNSIGNED)")]
    [InlineData("enum('a','')", "CAST(`x` AS UNSIGNED)")]
    [InlineData("set('')", "CAST(`x` AS UNSIGNED)")]
    public void Values_of_fixed_columns_are_found_by_number_where_strings_may_tie(string type, string distinct)
    {
        var key = ChunkKey.For(Table(Column("x", type[..type.IndexOf('(', StringComparison.Ordinal)]) with { ColumnType = type }, Column("a", "int")))!;
        Assert.Equal($"SELECT CAST(c0 AS UNSIGNED) FROM (SELECT DISTINCT {distinct} AS c0 FROM t FORCE INDEX (`PRIMARY`) LIMIT 7) v", key.SelectFixed(" FROM t", 1, 7));
    }

    [Theory]
    [InlineData("enum")]
    [InlineData("set")]
    public void Later_columns_ordered_by_number_end_the_key(string type)
    {
        var key = ChunkKey.For(Table(Column("a", "int"), Column("x", type), Column("b", "int")))!;
        Assert.Equal((0, 1, false), (key.FixedCount, key.Count, key.IsUnique));
    }

    [Fact]
    public void Keys_of_nothing_but_fixed_columns_leave_the_last_one_alone()
    {
        Assert.Null(ChunkKey.For(Table(Column("e", "enum"))));
        var key = ChunkKey.For(Table(Column("e", "enum"), Column("f", "enum")))!;
        Assert.Equal((1, 0), (key.FixedCount, key.Count));
        var scope = new ChunkScope(null, ["3"]);
        Assert.False(key.CanCut(scope));
        Assert.Equal(" WHERE `e`=3", key.Where(scope, null, null));
    }

    [Fact]
    public void Keys_with_nulls_are_used_only_when_asked_for()
    {
        var table = Table([Column("a", "int") with { IsNullable = true }, Column("b", "int")], k => k with { Name = "u", IsNullable = true });
        Assert.Null(ChunkKey.For(table));
        var key = ChunkKey.For(table, allowNullable: true)!;
        Assert.False(key.IsUnique);
        Assert.Equal(" WHERE TRUE AND ((`a` IS NOT NULL) OR (`a` IS NULL AND `b`>2))", key.Where(null, ["NULL", "2"], null));
        Assert.Equal(" WHERE `a` IS NULL AND ((FALSE) OR (`a` IS NULL AND `b`<=2))", key.Where(null, null, ["NULL", "2"]));
        Assert.Equal(" WHERE (`a`<=1 OR `a` IS NULL) AND (((`a`<1 OR `a` IS NULL)) OR (`a`=1 AND `b`<=2))", key.Where(null, null, ["1", "2"]));
    }

    [Fact]
    public void Among_unique_keys_the_one_that_rows_are_clustered_by_is_taken()
    {
        ColumnDefinition[] columns = [Column("a", "int"), Column("b", "int"), Column("c", "int")];
        var table = Table(columns) with
        {
            UniqueKeys = [new KeyDefinition("k1", [columns[0]], true, false), new KeyDefinition("k2", [columns[1]], true, false), new KeyDefinition("k3", [columns[2]], true, false) { IsVisible = false }],
            CreateSql = "UNIQUE KEY `k3` (`c`), UNIQUE KEY `k2` (`b`), UNIQUE KEY `k1` (`a`)",
        };
        Assert.Equal("FORCE INDEX (`k2`)", ChunkKey.For(table)!.ForceIndex);
    }

    [Fact]
    public void Literals_say_how_they_compare()
    {
        var key = ChunkKey.For(Table(
            Column("n", "decimal"),
            Column("s", "varchar") with { Charset = "sjis", Collation = "sjis_japanese_ci" },
            Column("e", "char") with { Charset = "latin1", Collation = "latin1_bin" },
            Column("b", "varbinary"),
            Column("t", "time"),
            Column("i", "bit"),
            Column("d", "double"),
            Column("f", "float")))!;
        var row = new TextRow([Ascii("-1.50"), [0x83, 0x5C], [], [], Ascii("-00:00:01"), [0x80, 0, 0, 0, 0, 0, 0, 1], Ascii("5e-324"), Ascii("0.10000000149011612")]);
        Assert.Equal(
            ["-1.50", "_sjis 0x835C COLLATE sjis_japanese_ci", "_latin1'' COLLATE latin1_bin", "_binary''", "'-00:00:01'", "9223372036854775809", "5e-324", "0.10000000149011612e0"],
            key.ToLiterals(row));
        Assert.Equal("`n`,`s`,`e`,`b`,`t`,`i`,`d`,`f`*1e0", key.Bound);
    }

    [Fact]
    public void Null_is_a_literal() => Assert.Equal(["NULL"], ChunkKey.For(Table(Column("a", "int")))!.ToLiterals(new TextRow([null])));

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static ColumnDefinition Column(string name, string type) =>
        new() { Name = name, Index = 0, DataType = type, ColumnType = type, IsNullable = false, IsGenerated = false };

    private static TableDefinition Table(params ColumnDefinition[] key) => Table(key, static k => k);

    private static TableDefinition Table(ColumnDefinition[] key, Func<KeyDefinition, KeyDefinition> change) => new()
    {
        Name = new QualifiedName("d", "t"),
        Columns = key,
        UniqueKeys = [change(new KeyDefinition("PRIMARY", key, true, false))],
        Engine = "InnoDB",
        CreateSql = string.Empty,
        Hash = string.Empty,
    };
}
