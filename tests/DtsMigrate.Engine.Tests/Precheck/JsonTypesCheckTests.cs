using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class JsonTypesCheckTests
{
    [Theory]
    [InlineData("json", false, PrecheckOutcome.Warning)]
    [InlineData("json", true, PrecheckOutcome.Passed)]
    [InlineData("text", false, PrecheckOutcome.Passed)]
    public void Json_of_an_old_source_takes_longer(string type, bool hasJsonTable, PrecheckOutcome expected)
    {
        var table = new TableDefinition
        {
            Name = new QualifiedName("d", "t"),
            Columns = [new ColumnDefinition { Name = "c", Index = 0, DataType = type, ColumnType = type, IsNullable = true, IsGenerated = false }],
            UniqueKeys = [],
            Engine = "InnoDB",
            CreateSql = string.Empty,
            Hash = string.Empty,
        };
        Assert.Equal(expected, JsonTypesCheck.Judge(hasJsonTable, [table]).Outcome);
    }
}
