using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Tasks;

public class TaskValidatorTests
{
    [Fact]
    public void A_good_task_built_in_code_passes() => TaskValidator.Validate(Definitions.Task);

    [Fact]
    public void A_task_built_in_code_has_the_faults_that_its_JSON_would_have()
    {
        MigrationTask good = Definitions.Task;
        MigrationTask bad = good with
        {
            Name = "a b",
            Source = good.Source with { Port = 0 },
            Objects = [new DatabaseSelection("shop", "mysql", false, []), new DatabaseSelection("shop", "shop", true, [])],
            Options = new TaskOptions { CopyThreads = 100, ChunkBytes = 1, RetryFailedConnectionsMinutes = 5 },
        };

        var error = Assert.Throws<TaskDefinitionException>(() => TaskValidator.Validate(bad));

        Assert.Equal(
            [
                "$.name", "$.objects.shop", "$.objects.shop.to", "$.options.chunkBytes", "$.options.copyThreads",
                "$.options.retryFailedConnectionsMinutes", "$.options.retryOtherIssuesMinutes", "$.source.port",
            ],
            error.Faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_table_selected_twice_in_code_is_refused()
    {
        MigrationTask bad = Definitions.Task with { Objects = [new DatabaseSelection("shop", "shop", false, [new("a", "a"), new("a", "b")])] };

        Assert.Equal("$.objects.shop.tables.a", Assert.Single(Assert.Throws<TaskDefinitionException>(() => TaskValidator.Validate(bad)).Faults).Path);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Shop-1.2_x", true)]
    [InlineData("-a", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Task_names_are_plain(string? name, bool valid) => Assert.Equal(valid, TaskName.IsValid(name));

    [Fact]
    public void A_task_name_has_at_most_64_characters()
    {
        Assert.True(TaskName.IsValid(new string('a', 64)));
        Assert.False(TaskName.IsValid(new string('a', 65)));
    }
}
