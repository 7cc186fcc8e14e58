using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class TableWorkTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    private readonly AutoTime _time = new();
    private readonly TableWork _table = Create();

    [Fact]
    public async Task The_wait_for_the_size_of_a_row_has_an_end()
    {
        _table.Learn(0, 0);

        await _table.WaitForRowSizeAsync(Most, _time, CancellationToken.None);

        Assert.Equal([Most], _time.Waits);
    }

    [Fact]
    public async Task With_a_copied_chunk_there_is_no_wait()
    {
        _table.Learn(10, 1000);

        await _table.WaitForRowSizeAsync(Most, _time, CancellationToken.None);

        Assert.Empty(_time.Waits);
        Assert.Equal(50, _table.NextChunkRows(new CopyTuning { ChunkBytes = 5000 }));
    }

    private static TableWork Create()
    {
        var table = new TableDefinition
        {
            Name = new QualifiedName("d", "t"),
            Columns = [],
            UniqueKeys = [],
            Engine = "InnoDB",
            CreateSql = string.Empty,
            Hash = string.Empty,
        };
        var record = new TableCopyRecord { Number = 1, Source = table.Name, Destination = table.Name, State = TableCopyState.Pending, DefinitionHash = string.Empty };
        return new TableWork(new TableRoute(1, table, table.Name), record, new TableProgress(table.Name, table.Name, 0));
    }
}
