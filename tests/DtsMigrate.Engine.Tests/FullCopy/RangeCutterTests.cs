using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class RangeCutterTests
{
    [Fact]
    public void A_table_is_covered_when_a_range_is_open_above_wherever_it_stands() =>
        Assert.True(Cutter(Chunk(1, null, "5"), Chunk(2, "9", null), Chunk(7, "5", "7"), Chunk(3, "7", "9")).IsComplete);

    [Fact]
    public void A_table_is_not_covered_before() => Assert.False(Cutter(Chunk(1, null, "5"), Chunk(2, "5", "9")).IsComplete);

    [Fact]
    public void A_range_that_is_missing_in_the_middle_is_noticed() => Refused(Chunk(1, null, "5"), Chunk(2, "6", "9"));

    [Fact]
    public void The_empty_rest_of_a_chunk_split_at_its_last_row_is_no_end() => Assert.False(Cutter(Chunk(1, null, "5"), Chunk(2, "5", "9"), Chunk(3, "9", "9")).IsComplete);

    [Fact]
    public void Bounds_of_another_key_are_noticed()
    {
        var two = new ChunkRecord(1, 1, null, ["1", "2"], false, 0, 0);
        Refused(two);
    }

    [Fact]
    public async Task A_small_table_is_one_chunk_without_a_look_at_it()
    {
        var cutter = Cutter(true);
        var chunk = (await cutter.NextAsync(10, null!, CancellationToken.None))!;
        Assert.Equal((1, null, null), (chunk.Number, chunk.Lower, chunk.Upper));
        Assert.True(cutter.IsComplete);
        Assert.Null(await cutter.NextAsync(10, null!, CancellationToken.None));
    }

    private static void Refused(params ChunkRecord[] known) =>
        Assert.Equal("CheckpointInconsistent", Assert.Throws<DtsMigrateException>(() => Cutter(known)).Code);

    private static ChunkRecord Chunk(int number, string? lower, string? upper) =>
        new(1, number, lower is null ? null : [lower], upper is null ? null : [upper], false, 0, 0);

    private static RangeCutter Cutter(params ChunkRecord[] known) => Cutter(false, known);

    private static RangeCutter Cutter(bool whole, params ChunkRecord[] known)
    {
        ColumnDefinition[] columns = [new() { Name = "id", Index = 0, DataType = "int", ColumnType = "int", IsNullable = false, IsGenerated = false }];
        var table = new TableDefinition
        {
            Name = new QualifiedName("d", "t"),
            Columns = columns,
            UniqueKeys = [new KeyDefinition("PRIMARY", columns, true, false)],
            Engine = "InnoDB",
            CreateSql = string.Empty,
            Hash = string.Empty,
        };
        var route = new TableRoute(1, table, table.Name);
        var version = new ServerVersion(9, 7, 4, "9.7.4");
        return new RangeCutter(route, CopyStatements.Create(route, table, version, version), known, whole);
    }
}
