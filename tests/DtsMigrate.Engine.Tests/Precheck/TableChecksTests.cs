using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class TableChecksTests
{
    private static readonly ServerVersion Nine = new(9, 7, 4, "9.7.4");
    private static readonly ServerVersion OldEight = new(8, 0, 20, "8.0.20");

    [Fact]
    public void Invisible_columns_are_carried_where_the_destination_knows_them()
    {
        var table = SampleTables.Table("x", null, SampleTables.Column("a"), SampleTables.Column("my_row_id") with { IsInvisible = true });
        Assert.Equal(PrecheckOutcome.Passed, InvisibleColumnsCheck.Judge([table], Nine, creates: true).Outcome);
        Assert.Contains("shop.t.my_row_id", InvisibleColumnsCheck.Judge([table], Nine, creates: true).Message, StringComparison.Ordinal);
        Assert.Equal(PrecheckOutcome.Failed, InvisibleColumnsCheck.Judge([table], OldEight, creates: true).Outcome);
        Assert.Equal(PrecheckOutcome.Passed, InvisibleColumnsCheck.Judge([table], OldEight, creates: false).Outcome);
    }

    [Fact]
    public void Columns_of_unknown_types_are_named()
    {
        Assert.Equal(PrecheckOutcome.Passed, ExactColumnsCheck.Judge([SampleTables.Table("x", null, SampleTables.Column("a", "float(7,2)"), SampleTables.Column("b", "inet6", generated: true))]).Outcome);
        var finding = ExactColumnsCheck.Judge([SampleTables.Table("x", null, SampleTables.Column("b", "inet6"))]);
        Assert.Equal(PrecheckOutcome.Failed, finding.Outcome);
        Assert.Contains("shop.t.b (inet6)", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("partitioned", "InnoDB", "Passed")]
    [InlineData("partitioned", "MyISAM", "Failed")]
    [InlineData("", "MyISAM", "Passed")]
    public void Partitioned_tables_have_an_engine_that_partitions(string options, string engine, string outcome) =>
        Assert.Equal(outcome, PartitionsCheck.Judge([SampleTables.Table("x") with { Options = options, Engine = engine }], Nine, creates: true).Outcome.ToString());

    [Fact]
    public void Encrypted_tables_need_a_keyring()
    {
        Assert.True(TableEncryptionCheck.IsEncrypted("row_format=DYNAMIC ENCRYPTION='Y'"));
        Assert.True(TableEncryptionCheck.IsEncrypted("ENCRYPTION=\"Y\""));
        Assert.False(TableEncryptionCheck.IsEncrypted("ENCRYPTION='N'"));
        Assert.Equal(PrecheckOutcome.Failed, TableEncryptionCheck.Judge(["d.t"], hasKeyring: false).Outcome);
        Assert.Equal(PrecheckOutcome.Passed, TableEncryptionCheck.Judge(["d.t"], hasKeyring: true).Outcome);
    }

    [Fact]
    public void Parsers_of_fulltext_indexes_are_read_by_tokens_and_looked_for()
    {
        Assert.Equal(["ngram", "my parser"], FulltextParsersCheck.ParsersOf(
            "CREATE TABLE `t` (`a` text COMMENT 'WITH PARSER x', FULLTEXT KEY `a` (`a`) /*!50100 WITH PARSER `ngram` */ , FULLTEXT KEY `b` (`a`) /*!50100 WITH PARSER `my parser` */ )"));
        Assert.Equal(PrecheckOutcome.Passed, FulltextParsersCheck.Judge([("d.t", "ngram")], ["NGRAM"]).Outcome);
        Assert.Contains("mecab (d.t)", FulltextParsersCheck.Judge([("d.t", "mecab"), ("d.t", "mecab")], ["ngram"]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_orders_gho", "orders")]
    [InlineData("_orders_new", "orders")]
    [InlineData("_orders_del", "orders")]
    [InlineData("orders_new", null)]
    [InlineData("_gho", null)]
    [InlineData("_orders", null)]
    public void Names_of_temporary_tables_tell_their_base(string name, string? expected) => Assert.Equal(expected, OnlineDdlLeftoversCheck.BaseOf(name));

    [Fact]
    public void Leftovers_are_those_beside_their_table_or_of_gh_ost()
    {
        HashSet<QualifiedName> none = [];
        Assert.Equal(PrecheckOutcome.Passed, OnlineDdlLeftoversCheck.Judge([new("d", "t"), new("d", "_u_new"), new("e", "_t_new")], none).Outcome);
        var found = OnlineDdlLeftoversCheck.Judge([new("d", "t"), new("d", "_t_new"), new("d", "_x_gho")], none);
        Assert.Contains("d._t_new, d._x_gho", found.Message, StringComparison.Ordinal);
        Assert.Contains("triggers on: d.t", OnlineDdlLeftoversCheck.Judge([new("d", "t")], new HashSet<QualifiedName> { new("d", "t") }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_that_are_left_out_for_their_names_are_named()
    {
        Assert.Equal(PrecheckOutcome.Passed, OnlineDdlLeftoversCheck.JudgeLeftOut([], copies: true).Outcome);
        var found = OnlineDdlLeftoversCheck.JudgeLeftOut([new("d", "_t_gho"), new("d", "_t_del")], copies: true);
        Assert.Equal(PrecheckOutcome.Warning, found.Outcome);
        Assert.Contains("d._t_del, d._t_gho. Where a tool is at work on one, its table is copied again", found.Message, StringComparison.Ordinal);
        Assert.Contains("the task stops", OnlineDdlLeftoversCheck.JudgeLeftOut([new("d", "_t_gho")], copies: false).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_some_servers_or_clients_refuse_are_listed()
    {
        Assert.Equal(PrecheckOutcome.Passed, ObjectNamesCheck.Judge([new("shop-1", "t a")], []).Outcome);
        Assert.Contains("shop.1", ObjectNamesCheck.Judge([new("shop.1", "t")], []).Message, StringComparison.Ordinal);
        var finding = ObjectNamesCheck.Judge([new("d", "straße")], ["d.straße.größe"]);
        Assert.Contains("d.straße, d.straße.größe", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_tables_chosen_one_by_one_under_mapping_are_told()
    {
        DatabaseSelection Selection(int tables) => new("a", "b", false, [.. Enumerable.Range(0, tables).Select(i => new TableSelection($"t{i}", $"u{i}"))]);
        Assert.Equal(PrecheckOutcome.Passed, ObjectMappingCheck.Judge([Selection(1000)]).Outcome);
        Assert.Equal(PrecheckOutcome.Warning, ObjectMappingCheck.Judge([Selection(1001)]).Outcome);
    }

    [Fact]
    public void Columns_that_differ_in_capitals_only_are_named()
    {
        var source = SampleTables.Table("x", null, SampleTables.Column("Id"), SampleTables.Column("b"));
        Assert.Equal(PrecheckOutcome.Passed, ColumnNameCaseCheck.Judge([(source, source)]).Outcome);
        Assert.Contains("shop.t.Id (id)", ColumnNameCaseCheck.Judge([(source, SampleTables.Table("x", null, SampleTables.Column("id"), SampleTables.Column("b")))]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_keys_to_part_of_a_key_or_to_none_are_found()
    {
        var parent = SampleTables.Table("x", null, SampleTables.Column("a"), SampleTables.Column("b"), SampleTables.Column("c")).WithKey("PRIMARY", "a", "b");
        var loose = ForeignKeyReferencesCheck.Loose([parent], [Key("whole", "B", "a"), Key("part", "a"), Key("none", "c")]);
        Assert.Equal(["d.c (part)", "d.c (none)"], loose);
        Assert.Equal(PrecheckOutcome.Failed, ForeignKeyReferencesCheck.Judge(loose, isRestricted: true).Outcome);
        Assert.Equal(PrecheckOutcome.Passed, ForeignKeyReferencesCheck.Judge(loose, isRestricted: false).Outcome);

        PrecheckForeignKey Key(string name, params string[] columns) => new(new QualifiedName("d", "c"), new ForeignKeyDefinition(name, columns, parent.Name, columns, null, null));
    }

    [Fact]
    public void Constraint_names_collide_within_one_database_of_the_destination()
    {
        QualifiedName a = new("x", "a"), b = new("x", "b"), other = new("y", "b");
        Assert.Equal("Passed", Assert.Single(ConstraintNamesCheck.Judge([(a, new("s", "a"), "fk"), (other, new("t", "b"), "fk")], [])).Outcome.ToString());
        var two = Assert.Single(ConstraintNamesCheck.Judge([(a, new("s", "a"), "fk"), (b, new("t", "b"), "FK")], []));
        Assert.Contains("s.a, t.b", two.Message, StringComparison.Ordinal);
        Assert.Contains("x.old of the destination", Assert.Single(ConstraintNamesCheck.Judge([(a, new("s", "a"), "fk")], [(new("x", "old"), "fk")])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`b` SQL SECURITY DEFINER VIEW `v` AS select 1", StoredObjectKind.View, "Warning")]
    [InlineData("CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW `v` AS select 1", StoredObjectKind.View, "Passed")]
    [InlineData("CREATE PROCEDURE p() SELECT 'SQL SECURITY INVOKER'", StoredObjectKind.Procedure, "Warning")]
    [InlineData("CREATE PROCEDURE p() SQL SECURITY INVOKER SELECT 1", StoredObjectKind.Procedure, "Passed")]
    [InlineData("CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", StoredObjectKind.Trigger, "Passed")]
    public void Objects_that_run_with_other_rights_are_named(string sql, StoredObjectKind kind, string outcome) =>
        Assert.Equal(outcome, SqlSecurityCheck.Judge([new StoredObject { Kind = kind, Name = new QualifiedName("d", "o"), CreateSql = sql }], "dts@%").Outcome.ToString());
}
