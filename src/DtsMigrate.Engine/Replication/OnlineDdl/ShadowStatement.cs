using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>A statement that has changed a shadow table, with all that is needed to run it again on the table that the shadow table takes the place of.</summary>
internal sealed record ShadowStatement
{
    /// <summary>Default database of its session.</summary>
    public required string Database { get; init; }

    /// <summary>Its bytes, in its session's client character set.</summary>
    public required byte[] Sql { get; init; }

    /// <summary>When it was run, seconds since 1970 UTC.</summary>
    public required uint Timestamp { get; init; }

    /// <summary>The file of the binary log that it is in.</summary>
    public required string File { get; init; }

    /// <summary>Where it ends there.</summary>
    public required ulong Offset { get; init; }

    /// <summary>Its session's settings.</summary>
    public required QuerySessionContext Context { get; init; }

    /// <summary>Keeps the statement of an event.</summary>
    public static ShadowStatement Of(QueryEvent query) => new()
    {
        Database = query.Database,
        Sql = query.SqlBytes.ToArray(),
        Timestamp = query.Header.Timestamp,
        File = query.End.File,
        Offset = query.End.Offset,
        Context = query.Context,
    };

    /// <summary>The event as far as it matters to running the statement.</summary>
    public QueryEvent ToEvent() => new()
    {
        Header = new BinlogEventHeader(Timestamp, Type: 2, ServerId: 0, Length: 0, EndLogPosition: 0, Flags: 0),
        End = new BinlogCoordinate(File, Offset),
        Database = Database,
        SqlBytes = Sql,
        ErrorCode = 0,
        Context = Context,
    };
}
