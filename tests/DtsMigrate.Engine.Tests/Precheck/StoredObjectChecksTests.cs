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

    private static StoredObject Object(StoredObjectKind kind, string sql) => new() { Kind = kind, Name = new QualifiedName("d", "o"), CreateSql = sql };
}
