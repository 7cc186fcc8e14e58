using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>What the destination keeps over a crash: rows, chunk marks, table states, the stream's row.</summary>
internal sealed class ModelDestination
{
    public ModelDestination(IReadOnlyList<bool> tablesHaveKeys)
    {
        Tables = [.. tablesHaveKeys.Select(k => new ModelTable(k))];
        Records = [.. tablesHaveKeys.Select((_, i) => new TableCopyRecord
        {
            Number = i + 1,
            Source = new QualifiedName("d", $"t{i}"),
            Destination = new QualifiedName("d", $"t{i}"),
            State = TableCopyState.Pending,
            DefinitionHash = "h",
        })];
        ChunkDone = [.. tablesHaveKeys.Select(_ => new bool[ModelCopier.Chunks])];
    }

    public ModelTable[] Tables { get; set; }

    public TableCopyRecord[] Records { get; }

    public bool[][] ChunkDone { get; }

    public AppliedRecord? Applied { get; set; }

    public ModelWindow? Window { get; set; }
}
