using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Assessment.Items;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tests.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Assessment;

public sealed class AssessmentItemsTests
{
    private static readonly ServerVersion Five = new(5, 7, 44, "5.7.44");
    private static readonly ServerVersion Eight = new(8, 0, 36, "8.0.36");
    private static readonly ServerVersion Nine = new(9, 7, 4, "9.7.4");
    private static readonly ByteLengths Lengths = new(new Dictionary<string, int> { ["utf8mb4"] = 4, ["latin1"] = 1 });

    [Theory]
    [InlineData(16384, "", 3072)]
    [InlineData(65536, "", 3072)]
    [InlineData(8192, "", 1536)]
    [InlineData(4096, "row_format=DYNAMIC", 768)]
    [InlineData(16384, "row_format=COMPACT", 767)]
    [InlineData(16384, "row_format=COMPRESSED", 3072)]
    [InlineData(4096, "row_format=REDUNDANT", 767)]
    public void Keys_are_limited_by_page_and_row_format(int page, string options, int limit) => Assert.Equal(limit, IndexLengthsItem.Limit(page, options));

    [Fact]
    public void Parts_of_keys_are_measured_in_bytes_of_their_character_set()
    {
        var table = SampleTables.Table("x", null, SampleTables.Column("a", "varchar(768)", "utf8mb4"), SampleTables.Column("b", "varchar(769)", "utf8mb4"), SampleTables.Column("c", "text", "latin1"));
        CatalogKeyPart[] parts = [Part("k1", "a"), Part("k2", "b"), Part("k3", "c", 100), Part("k4", null), Part("ft", "c")];
        Assert.Equal(["shop.t k2 (b: 3076 of 3072 bytes)"], IndexLengthsItem.TooLong(table, parts, Lengths, 3072));

        static CatalogKeyPart Part(string index, string? column, int? prefix = null) => new(index, false, column, prefix, false, null, false, true);
    }

    [Fact]
    public void Rows_are_measured_by_what_cannot_leave_the_page()
    {
        var wide = SampleTables.Table("x", null, [.. Enumerable.Range(0, 300).Select(i => SampleTables.Column($"c{i}", "varchar(255)", "utf8mb4"))]);
        Assert.Equal(12000, RowLengthsItem.InPage(wide, Lengths));
        Assert.Equal(300 * 788, RowLengthsItem.InPage(wide with { Options = "row_format=COMPACT" }, Lengths));
        Assert.Equal(4 + 8 + 255, RowLengthsItem.InPage(SampleTables.Table("x", null, SampleTables.Column("a"), SampleTables.Column("b", "double"), SampleTables.Column("c", "char(255)", "latin1")), Lengths));
    }

    [Fact]
    public void Names_are_compared_with_the_words_that_became_reserved()
    {
        HashSet<string> words = new(StringComparer.OrdinalIgnoreCase) { "RANK", "SYSTEM" };
        var table = SampleTables.Table("x", null, SampleTables.Column("rank"), SampleTables.Column("a"));
        var finding = Assert.Single(ReservedWordsItem.Judge(words, [table], [new QualifiedName("shop", "System")]));
        Assert.Equal(AssessmentSeverity.Incompatible, finding.Severity);
        Assert.Contains("shop.System, shop.t.rank.", finding.Message, StringComparison.Ordinal);
        Assert.Empty(ReservedWordsItem.Judge(words, [SampleTables.Table("x", null, SampleTables.Column("ranks"))], []));
    }

    [Theory]
    [InlineData("CREATE PROCEDURE p() SELECT PASSWORD('a'), encode (1, 2)", "ENCODE(),PASSWORD()")]
    [InlineData("CREATE PROCEDURE p() SELECT d.PASSWORD(1), `PASSWORD`, 'PASSWORD(1)', password FROM t /* PASSWORD(1) */", "")]
    [InlineData("CREATE PROCEDURE p() SET @@session.tx_isolation='x', @@query_cache_type=0", "@@QUERY_CACHE_TYPE,@@TX_ISOLATION")]
    [InlineData("CREATE PROCEDURE p() SELECT tx_isolation, x, y FROM t", "")]
    [InlineData("CREATE PROCEDURE p() SELECT ST_X(g)", "")]
    public void Removed_functions_and_variables_are_found_by_tokens(string sql, string expected) =>
        Assert.Equal(expected, string.Join(',', RemovedFunctionsItem.Find(Object(sql), Five, Nine).Order(StringComparer.Ordinal)));

    [Fact]
    public void What_the_source_has_lost_already_is_not_told_again()
    {
        Assert.Empty(RemovedFunctionsItem.Find(Object("CREATE PROCEDURE p() SELECT PASSWORD('a')"), Eight, Nine));
        Assert.Equal(["@@EXPIRE_LOGS_DAYS"], RemovedFunctionsItem.Find(Object("CREATE PROCEDURE p() SELECT @@expire_logs_days"), Eight, Nine));
        Assert.Empty(RemovedFunctionsItem.Find(Object("CREATE PROCEDURE p() SELECT @@expire_logs_days"), Five, Eight));
    }

    [Fact]
    public void Objects_under_removed_modes_are_named_with_the_modes()
    {
        var item = Object("CREATE PROCEDURE p() SELECT 1") with { SqlMode = "NO_AUTO_CREATE_USER,STRICT_TRANS_TABLES" };
        Assert.Contains("Procedure d.o (NO_AUTO_CREATE_USER)", Assert.Single(SqlModesItem.Judge([item], Nine)).Message, StringComparison.Ordinal);
        Assert.Empty(SqlModesItem.Judge([item], Five));
    }

    [Fact]
    public void Deprecated_character_sets_are_told_once_for_each()
    {
        var table = SampleTables.Table("x", null, SampleTables.Column("a", "text", "utf8"), SampleTables.Column("b", "text", "utf8mb3"), SampleTables.Column("c", "text", "ucs2"), SampleTables.Column("d", "text", "utf8mb4"));
        Assert.Equal(2, CharacterSetsItem.Judge([table]).Count);
    }

    [Fact]
    public void Deprecated_types_are_named_by_column()
    {
        var table = SampleTables.Table(
            "x", null, SampleTables.Column("a", "float(7,2)"), SampleTables.Column("b", "decimal(5,2) unsigned"), SampleTables.Column("c", "int(11) unsigned zerofill"), SampleTables.Column("d", "int(11)"), SampleTables.Column("e", "tinyint(1)"));
        var findings = DeprecatedTypesItem.Judge([table], Five, Nine);
        Assert.Equal(["shop.t.a", "shop.t.b", "shop.t.c", "shop.t.d"], findings.Select(f => f.Target));
        var counter = SampleTables.Table("x", null, SampleTables.Column("id", "double") with { IsAutoIncrement = true });
        Assert.Equal(AssessmentSeverity.Incompatible, Assert.Single(DeprecatedTypesItem.Judge([counter], Eight, Nine)).Severity);
        Assert.Equal(AssessmentSeverity.Deprecated, Assert.Single(DeprecatedTypesItem.Judge([counter], Nine, Nine)).Severity);
    }

    [Fact]
    public void Engines_and_their_partitions_are_told()
    {
        var table = SampleTables.Table("x") with { Engine = "MyISAM", Options = "partitioned" };
        Assert.Equal([AssessmentSeverity.Incompatible, AssessmentSeverity.Deprecated], EnginesItem.Judge([table], Nine).Select(f => f.Severity));
        Assert.Empty(EnginesItem.Judge([SampleTables.Table("x")], Nine));
    }

    [Fact]
    public void Accounts_are_judged_by_the_plugins_that_are_loaded()
    {
        HashSet<string> loaded = ["caching_sha2_password", "sha256_password"];
        var findings = AuthenticationItem.Judge([("a@%", "mysql_native_password"), ("b@%", "sha256_password"), ("c@%", "caching_sha2_password")], loaded);
        Assert.Equal([("a@% (mysql_native_password)", AssessmentSeverity.Incompatible), ("b@% (sha256_password)", AssessmentSeverity.Deprecated)], findings.Select(f => (f.Target, f.Severity)));
    }

    [Fact]
    public void Tables_that_a_text_names_are_found() =>
        Assert.Equal(["d.a", "e.b"], DependenciesItem.TablesOf(Object("CREATE PROCEDURE p() BEGIN INSERT INTO a SELECT * FROM e.b; END")).Select(n => n.ToString()).Order());

    [Fact]
    public void Routines_are_counted_and_dynamic_ones_named()
    {
        var findings = RoutinesItem.Judge([Object("CREATE PROCEDURE p() PREPARE s FROM @x"), Object("CREATE PROCEDURE p() SELECT 1")]);
        Assert.Equal("Besides tables there are: 2 Procedure.", findings[0].Message);
        Assert.Equal("Procedure d.o", findings[1].Target);
        Assert.Empty(RoutinesItem.Judge([]));
    }

    [Theory]
    [InlineData("decimal(18,9)", 12)]
    [InlineData("bit(9)", 2)]
    [InlineData("longtext", 65536)]
    [InlineData("varbinary(10)", 10)]
    public void Lengths_follow_the_type(string type, long bytes) => Assert.Equal(bytes, Lengths.Of(SampleTables.Column("a", type), null));

    private static StoredObject Object(string sql) => new() { Kind = StoredObjectKind.Procedure, Name = new QualifiedName("d", "o"), CreateSql = sql };
}
