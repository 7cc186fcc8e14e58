using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Replication;

/// <summary>What the gate knows about a table.</summary>
internal sealed class GateTable
{
    private bool _exact;

    public GateTable(TableCopyRecord record)
    {
        Number = record.Number;
        Refresh(record);
    }

    public int Number { get; }

    public TableCopyState State { get; private set; }

    public SourcePosition? Watermark { get; private set; }

    public SourcePosition? FuzzyEnd { get; private set; }

    /// <summary>
    /// End of the binary log some time after the last chunk was read: rows that a chunk saw are before it. Null when no such barrier is needed.
    /// </summary>
    public BinlogCoordinate? FuzzyBarrier { get; set; }

    /// <summary>Takes over what the checkpoint says now.</summary>
    public void Refresh(TableCopyRecord record)
    {
        State = record.State;
        Watermark = record.Watermark;
        FuzzyEnd = record.FuzzyEnd;
        _exact = false;
    }

    public void BeginCatchUp() => State = TableCopyState.CatchingUp;

    public void GoLive() => State = TableCopyState.Live;

    /// <summary>True until the stream has passed all that a chunk of the copy may have seen. Latched: positions only grow within a pass.</summary>
    public bool IsFuzzy(SourcePosition current, BinlogCoordinate? streamEnd)
    {
        if (!_exact)
        {
            bool covered = FuzzyEnd is not null && current.Covers(FuzzyEnd);
            _exact = covered && (FuzzyBarrier is null || (streamEnd is not null && streamEnd >= FuzzyBarrier));
        }

        return !_exact;
    }
}
