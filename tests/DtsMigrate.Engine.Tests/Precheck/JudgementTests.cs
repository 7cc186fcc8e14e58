using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class JudgementTests
{
    [Theory]
    [InlineData(5, 6, 5, 6, "Failed")]
    [InlineData(5, 7, 8, 0, "Failed")]
    [InlineData(8, 0, 8, 4, "Failed")]
    [InlineData(8, 4, 8, 4, "Passed")]
    [InlineData(9, 7, 5, 7, "Passed")]
    [InlineData(10, 0, 9, 7, "Warning")]
    public void A_destination_is_supported_and_not_older_than_the_source(int major, int minor, int sourceMajor, int sourceMinor, string outcome) =>
        Assert.Equal(outcome, VersionCheck.Judge("destination", Version(major, minor), Version(sourceMajor, sourceMinor)).Outcome.ToString());

    [Fact]
    public void Collations_that_the_destination_lacks_are_listed_with_their_tables()
    {
        var table = SampleTables.Table("x", "utf8_general_ci", SampleTables.Column("a", "char(1)", "utf8mb4", "utf8mb4_new_ci"), SampleTables.Column("b", "char(1)", "latin1", "latin1_bin"));
        IReadOnlyList<TableRoute> routes = [new TableRoute(1, table, table.Name)];
        var finding = CharacterSetsCheck.Judge(routes, ["utf8mb3_general_ci", "latin1_bin"], CollationMap.None, []);
        Assert.Equal(PrecheckOutcome.Failed, finding.Outcome);
        Assert.Equal("The destination does not have these collations: utf8mb4_new_ci (shop.t).", finding.Message);
        Assert.Equal(PrecheckOutcome.Passed, CharacterSetsCheck.Judge(routes, ["utf8mb3_general_ci", "latin1_bin", "utf8mb4_new_ci"], CollationMap.None, []).Outcome);

        // What is mapped counts under its other name; databases and stored objects count, too.
        var map = new CollationMap([KeyValuePair.Create("utf8mb4_new_ci", "utf8mb4_old_ci")]);
        Assert.Equal(PrecheckOutcome.Passed, CharacterSetsCheck.Judge(routes, ["utf8mb3_general_ci", "latin1_bin", "utf8mb4_old_ci"], map, [("shop", "utf8mb4_new_ci")]).Outcome);
        Assert.Equal(
            "The destination does not have these collations: utf8mb4_old_ci (shop.t), utf8mb4_other_ci (Procedure shop.p).",
            CharacterSetsCheck.Judge(routes, ["utf8mb3_general_ci", "latin1_bin"], map, [("Procedure shop.p", "utf8mb4_other_ci")]).Message);
    }

    [Theory]
    [InlineData(1045, "password")]
    [InlineData(1130, "'%'")]
    [InlineData(3118, "UNLOCK")]
    [InlineData(9999, "message")]
    public void Refusals_of_a_server_have_their_remedy(int errno, string word) =>
        Assert.Contains(word, ConnectionRemedy.For(new MySqlServerException(errno, "HY000", "no")), StringComparison.Ordinal);

    [Fact]
    public void Long_lists_of_names_are_cut_and_counted() =>
        Assert.EndsWith("n20 and 5 more", Finding.List([.. Enumerable.Range(1, 25).Select(i => $"n{i}")]), StringComparison.Ordinal);

    private static ServerVersion Version(int major, int minor) => new(major, minor, 0, $"{major}.{minor}.0");
}
