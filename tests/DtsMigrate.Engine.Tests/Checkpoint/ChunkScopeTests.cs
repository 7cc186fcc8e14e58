using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.Tests.Checkpoint;

public sealed class ChunkScopeTests
{
    [Fact]
    public void A_scope_comes_back_as_it_was_written()
    {
        ChunkScope[] scopes = [new("p \"`'\\ パ", ["0", "NULL", "18446744073709551615"], "00FF"), new(null, ["1"]), new("p", [], "A")];
        foreach (var scope in scopes)
        {
            var back = CheckpointSql.ParseScope(CheckpointSql.FormatScope(scope))!;
            Assert.Equal((scope.Partition, scope.PartitionHash), (back.Partition, back.PartitionHash));
            Assert.Equal(scope.Fixed, back.Fixed);
        }
    }

    [Fact]
    public void The_whole_table_is_no_scope() => Assert.Null(CheckpointSql.ParseScope(CheckpointSql.FormatScope(null)));
}
