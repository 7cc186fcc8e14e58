using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication;

/// <summary>The source transaction that the stream is in.</summary>
internal sealed class SourceTransaction
{
    /// <summary>A GTID event, or BEGIN, has been read and the end has not.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>BEGIN or XA START has been read: a statement does not end it.</summary>
    public bool IsExplicit { get; private set; }

    /// <summary>GTID; null without.</summary>
    public Gtid? Gtid { get; private set; }

    /// <summary>Commit time on the source, microseconds since 1970 UTC; 0 while unknown.</summary>
    public long CommitMicroseconds { get; private set; }

    /// <summary>Xid of an XA transaction, as its statements write it; null otherwise.</summary>
    public string? Xid { get; private set; }

    /// <summary>Rows of a table of the task were in it and were applied.</summary>
    public bool HasAppliedRows { get; set; }

    /// <summary>Where its first event begins; null when it was not opened by a GTID event.</summary>
    public BinlogCoordinate? Start { get; private set; }

    /// <summary>Where a transaction begins.</summary>
    public static BinlogCoordinate StartOf(GtidEvent start) => start.End with { Offset = start.End.Offset - start.Header.Length };

    public void Begin(GtidEvent start)
    {
        End();
        IsOpen = true;
        Gtid = start.Gtid;
        Start = StartOf(start);
        CommitMicroseconds = start.ImmediateCommitMicroseconds;
    }

    /// <summary>BEGIN or XA START, with or without a GTID event before it.</summary>
    public void BeginExplicit(string? xid)
    {
        IsOpen = true;
        IsExplicit = true;
        Xid = xid;
    }

    /// <summary>Servers before 8.0 tell the time only in event headers, in seconds.</summary>
    public void NoteTime(uint timestamp)
    {
        if (CommitMicroseconds == 0 && timestamp != 0)
        {
            CommitMicroseconds = timestamp * 1_000_000L;
        }
    }

    public void End()
    {
        IsOpen = false;
        IsExplicit = false;
        Gtid = null;
        CommitMicroseconds = 0;
        Xid = null;
        HasAppliedRows = false;
        Start = null;
    }
}
