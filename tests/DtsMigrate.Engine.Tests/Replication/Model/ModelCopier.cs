using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication;

namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>The copy: watermark, chunks read and written in any order, E(T). Chunk rows between read and write are its only memory.</summary>
internal sealed class ModelCopier(Random random, ModelSource source, ModelDestination destination, ProtocolRules rules)
{
    public const int Chunks = 2;

    private readonly Dictionary<(int Table, int Chunk), List<(int Id, int Value)>> _read = [];
    private readonly Dictionary<int, SourcePosition> _snapshotPosition = [];

    public void Crash()
    {
        _read.Clear();
        _snapshotPosition.Clear();
    }

    /// <summary>One step of one table's copy.</summary>
    public void Step(int table)
    {
        switch (destination.Records[table].State)
        {
            case TableCopyState.Pending:
                Begin(table);
                break;
            case TableCopyState.Copying when IsKeyless(table):
                WriteSnapshot(table);
                break;
            case TableCopyState.Copying:
                CopyChunk(table);
                break;
            default:
                break;
        }
    }

    private bool IsKeyless(int table) => !destination.Tables[table].HasKey && rules.KeylessSnapshot;

    private void Begin(int table)
    {
        if (IsKeyless(table))
        {
            ReadSnapshot(table);
            return;
        }

        if (!rules.WatermarkFirst && !_read.ContainsKey((table, 0)))
        {
            Read(table, 0);
            return;
        }

        Record(table, TableCopyState.Copying, rules.WatermarkVisible ? source.ReadPosition() : source.ReadBinlogEnd(), null);
    }

    private void ReadSnapshot(int table)
    {
        source.LockTable(table);
        var watermark = source.ReadPosition();
        _read[(table, 0)] = [.. source.Visible(table).Rows];
        _snapshotPosition[table] = watermark;
        destination.Tables[table].Clear();
        Record(table, TableCopyState.Copying, watermark, null);
    }

    private void WriteSnapshot(int table)
    {
        // After a crash the snapshot is gone: start again.
        if (!_read.Remove((table, 0), out var rows))
        {
            ReadSnapshot(table);
            return;
        }

        rows.ForEach(destination.Tables[table].InsertIgnore);
        Record(table, TableCopyState.Copied, destination.Records[table].Watermark, _snapshotPosition[table]);
    }

    private void CopyChunk(int table)
    {
        int chunk = random.Next(Chunks);
        if (destination.ChunkDone[table].All(done => done))
        {
            Record(table, TableCopyState.Copied, destination.Records[table].Watermark, source.ReadPosition());
        }
        else if (destination.ChunkDone[table][chunk])
        {
            return;
        }
        else if (_read.Remove((table, chunk), out var rows))
        {
            rows.ForEach(destination.Tables[table].InsertIgnore);
            destination.ChunkDone[table][chunk] = true;
        }
        else
        {
            Read(table, chunk);
        }
    }

    private void Read(int table, int chunk) =>
        _read[(table, chunk)] = [.. source.Visible(table).Rows.Where(r => (r.Id - 1) / 2 == chunk)];

    private void Record(int table, TableCopyState state, SourcePosition? watermark, SourcePosition? fuzzyEnd) =>
        destination.Records[table] = destination.Records[table] with { State = state, Watermark = watermark, FuzzyEnd = fuzzyEnd };
}
