using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication.Spool;

/// <summary>Follows the events of a binary log and knows how far whole transactions were seen. Writer, reader and recovery of a spool must count alike.</summary>
/// <param name="before">Everything before the first event.</param>
internal sealed class SpoolProgress(SourcePosition before)
{
    private Gtid? _gtid;
    private BinlogCoordinate _end;

    /// <summary>Whole transactions seen, and what was before them.</summary>
    public SourcePosition Covered { get; private set; } = before;

    /// <summary>A transaction was begun, and nothing has come behind it yet: whether it is whole is not known.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Takes the next event.</summary>
    /// <returns>True when it is of those that come between transactions or begin one: the transaction before it has ended.</returns>
    public bool Take(BinlogEvent next)
    {
        if (next is not (GtidEvent or HeartbeatEvent or RotateEvent))
        {
            _end = next.End;
            return false;
        }

        End();
        if (next is GtidEvent begin)
        {
            IsOpen = true;
            _gtid = begin.Gtid;
            _end = begin.End;
        }
        else if (next is RotateEvent rotate && Covered.Coordinate < rotate.Next)
        {
            Covered = SourcePosition.Of(rotate.Next);
        }

        return true;
    }

    /// <summary>Nothing more belongs to the transaction that was begun last.</summary>
    public void End()
    {
        if (IsOpen)
        {
            Covered = Covered.With(_gtid, _end);
            IsOpen = false;
        }
    }
}
