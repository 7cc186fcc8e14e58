using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Tests.Sql;

public sealed class NameRewriterTests
{
    // Database d becomes e, table d.t becomes e.u; everything else keeps its name.
    private static readonly NameRewriter Rewriter = new(new NameMap(
        t => t.Database == "d" ? new QualifiedName("e", t.Name == "t" ? "u" : t.Name) : t,
        d => d == "d" ? "e" : d));

    [Theory]
    [InlineData("select `d`.`t`.`a` AS `a` from `d`.`t`", "select `e`.`u`.`a` AS `a` from `e`.`u`")]
    [InlineData("select a from t", "select a from `u`")]
    [InlineData("select t.a from t where t.b=1", "select `u`.a from `u` where `u`.b=1")]
    [InlineData("select t.a from x t, d.x", "select t.a from x t, `e`.x")]
    [InlineData("select d.t from x as d", "select d.t from x as d")]
    [InlineData("select d.t(1), D.t from t", "select `e`.t(1), D.t from `u`")]
    [InlineData("select `t`.`a` from (`d`.`t` join `d`.`x` `y` on(`t`.`a`=`y`.`a`))", "select `u`.`a` from (`e`.`u` join `e`.`x` `y` on(`u`.`a`=`y`.`a`))")]
    [InlineData("select t.a, (select t.b from x t) from t", "select `u`.a, (select t.b from x t) from `u`")]
    [InlineData("select t.a from t union select t.a from x t", "select `u`.a from `u` union select t.a from x t")]
    [InlineData("with t as (select 1) select * from t", "with t as (select 1) select * from t")]
    [InlineData("with c(a) as (select a from t) select t.a from c t", "with c(a) as (select a from `u`) select t.a from c t")]
    [InlineData("select extract(day from t) from x", "select extract(day from t) from x")]
    [InlineData("insert into t (t) select 't' /* t */ from d . t", "insert into `u` (t) select 't' /* t */ from `e` . `u`")]
    [InlineData("insert ignore t values (1) on duplicate key update t=1, x=t.a", "insert ignore `u` values (1) on duplicate key update t=1, x=`u`.a")]
    [InlineData("update t, x set t.a=x.t where t=1", "update `u`, x set `u`.a=x.t where t=1")]
    [InlineData("delete t from t join x", "delete `u` from `u` join x")]
    [InlineData("delete a from t a", "delete a from `u` a")]
    [InlineData("delete d.t.* from d.t", "delete `e`.`u`.* from `e`.`u`")]
    [InlineData("begin declare t int; select 1 into t; set t=2; set @t=1, @@global.t=1; call d.t(); truncate table t; end", "begin declare t int; select 1 into t; set t=2; set @t=1, @@global.t=1; call `e`.t(); truncate table `u`; end")]
    [InlineData("set NEW.t = (select max(t) from t)", "set NEW.t = (select max(t) from `u`)")]
    [InlineData("select * from json_table('[]', '$' columns (t int path '$')) t", "select * from json_table('[]', '$' columns (t int path '$')) t")]
    [InlineData("select * from t partition (p0) use index for join (t), d.t y", "select * from `u` partition (p0) use index for join (t), `e`.`u` y")]
    [InlineData("if exists(select 1 from t) then delete from t where 1; end if", "if exists(select 1 from `u`) then delete from `u` where 1; end if")]
    [InlineData("select 1 from x where a in (select t.a from x join t using (a))", "select 1 from x where a in (select `u`.a from x join `u` using (a))")]
    [InlineData("replace into t select replace(a,'t','t') from t", "replace into `u` select replace(a,'t','t') from `u`")]
    public void Only_tables_and_databases_are_renamed(string sql, string expected) => Assert.Equal(expected, Rewriter.RewriteBody(sql, "d"));

    [Fact]
    public void Ansi_quotes_make_names_of_double_quotes()
    {
        Assert.Equal("select \"t\" from `u`", Rewriter.RewriteBody("select \"t\" from \"t\"", "d", SqlSyntax.AnsiQuotes));
        Assert.Equal("select \"t\" from x", Rewriter.RewriteBody("select \"t\" from x", "d"));
    }

    [Fact]
    public void A_text_without_renamed_tables_comes_back_as_it_is()
    {
        const string Sql = "select  `x`.`a`\t, 'd.t', \"d.t\", /*!50000 x.b */ x.t -- t\n from x # d.t";
        Assert.Equal(Sql, Rewriter.RewriteBody(Sql, "d"));
    }
}
