using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Schema.Accounts;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class StoredObjectChecksTests
{
    [Theory]
    [InlineData("CREATE FUNCTION f() RETURNS int\n    DETERMINISTIC\nRETURN 1", true)]
    [InlineData("CREATE FUNCTION f() RETURNS int NO SQL RETURN 1", true)]
    [InlineData("CREATE FUNCTION f() RETURNS int READS SQL DATA RETURN 1", true)]
    [InlineData("CREATE FUNCTION f() RETURNS int NOT DETERMINISTIC RETURN 1", false)]
    [InlineData("CREATE FUNCTION f() RETURNS int COMMENT 'DETERMINISTIC' RETURN 'NO SQL'", false)]
    [InlineData("CREATE FUNCTION `DETERMINISTIC`() RETURNS int RETURN 1", false)]
    public void A_function_is_declared_by_its_characteristics_alone(string sql, bool declared) =>
        Assert.Equal(declared, FunctionCreationCheck.IsDeclared(Object(StoredObjectKind.Function, sql)));

    [Theory]
    [InlineData("CREATE PROCEDURE p() PREPARE s FROM @x", "prepares a statement from a text")]
    [InlineData("CREATE PROCEDURE p() SELECT 'PREPARE s FROM', prepare FROM t /* PREPARE s FROM */", null)]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE JAVASCRIPT AS $$ PREPARE $$", "is written in JAVASCRIPT")]
    [InlineData("CREATE PROCEDURE p() LANGUAGE SQL SELECT 1", null)]
    [InlineData("CREATE PROCEDURE p() EXECUTE IMMEDIATE @x", "executes a text")]
    [InlineData("CREATE PROCEDURE p() GRANT EXECUTE ON d.* TO u", null)]
    public void Dynamic_statements_are_found_by_tokens(string sql, string? why) =>
        Assert.Equal(why, DynamicSqlCheck.FindDynamic(Object(StoredObjectKind.Procedure, sql)));

    [Theory]
    [InlineData(AccountClass.Reduced, ConflictMode.PrecheckAndReportErrors, "Warning")]
    [InlineData(AccountClass.Exists, ConflictMode.PrecheckAndReportErrors, "Failed")]
    [InlineData(AccountClass.Exists, ConflictMode.IgnoreErrorsAndProceed, "Warning")]
    [InlineData(AccountClass.Impossible, ConflictMode.IgnoreErrorsAndProceed, "Failed")]
    public void Accounts_that_cannot_be_migrated_whole_warn_or_fail(AccountClass accountClass, ConflictMode mode, string outcome)
    {
        var finding = AccountsCheck.Judge(new AccountPlan("a@%", accountClass, ["why"]), mode);
        Assert.Equal(outcome, finding.Outcome.ToString());
        Assert.Contains("why", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_transactions_are_named_by_thread_the_oldest_first()
    {
        Assert.Equal("Passed", LongTransactionsCheck.Judge([(7, 59, 1), (0, 9999, 1)]).Outcome.ToString());
        var finding = LongTransactionsCheck.Judge([(7, 60, 1), (8, 3600, 0), (9, 1, 5)]);
        Assert.Equal("Warning", finding.Outcome.ToString());
        Assert.Contains("thread 8 for 3600 s with 0 rows changed, thread 7 for 60 s with 1 rows changed.", finding.Message, StringComparison.Ordinal);
    }

    private static StoredObject Object(StoredObjectKind kind, string sql) => new() { Kind = kind, Name = new QualifiedName("d", "o"), CreateSql = sql };
}
