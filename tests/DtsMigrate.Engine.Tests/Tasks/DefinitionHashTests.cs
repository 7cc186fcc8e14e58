using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Tasks;

public class DefinitionHashTests
{
    private static readonly MigrationTask Task = Definitions.Task;

    [Fact]
    public void Hosts_accounts_and_options_may_change() => Assert.Equal(
        DefinitionHash.Of(Task),
        DefinitionHash.Of(Task with { Source = Task.Source with { Host = "moved", User = "x" }, Destination = Task.Destination with { Port = 1 }, Options = new TaskOptions { CopyThreads = 9 } }));

    [Fact]
    public void The_order_of_objects_does_not_count() => Assert.Equal(
        DefinitionHash.Of(Task),
        DefinitionHash.Of(Task with { Objects = [.. Task.Objects.Reverse().Select(database => database with { Tables = [.. database.Tables.Reverse()] })] }));

    [Fact]
    public void Objects_mapping_types_conflict_mode_and_what_makes_names_count()
    {
        string[] hashes =
        [
            DefinitionHash.Of(Task),
            DefinitionHash.Of(Task with { Objects = [Task.Objects[0]] }),
            DefinitionHash.Of(Task with { Objects = [Task.Objects[0] with { To = "other" }] }),
            DefinitionHash.Of(Task with { Objects = [Task.Objects[0] with { Tables = [new("a", "b")] }] }),
            DefinitionHash.Of(Task with { MigrationTypes = MigrationTypes.Full }),
            DefinitionHash.Of(Task with { ConflictMode = ConflictMode.IgnoreErrorsAndProceed }),
            DefinitionHash.Of(Task with { Options = new TaskOptions { CollationMap = new CollationMap([KeyValuePair.Create("latin1_bin", "latin1_swedish_ci")]) } }),
            DefinitionHash.Of(Task with { Options = new TaskOptions { Capitalization = NameCapitalization.SameAsSource } }),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{64}$", hash));
    }
}
