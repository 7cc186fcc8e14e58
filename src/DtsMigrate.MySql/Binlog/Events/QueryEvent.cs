using System.Text;

namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>QUERY_EVENT (2): BEGIN, COMMIT, DDL, SAVEPOINT, or a change in statement format.</summary>
public sealed class QueryEvent : BinlogEvent
{
    /// <summary>Default database of the session, empty for none.</summary>
    public required string Database { get; init; }

    /// <summary>The statement, in the session's client character set.</summary>
    public required ReadOnlyMemory<byte> SqlBytes { get; init; }

    /// <summary>Error code the statement ended with on the source.</summary>
    public required ushort ErrorCode { get; init; }

    /// <summary>The session's settings that the statement depends on.</summary>
    public required QuerySessionContext Context { get; init; }

    /// <summary>The statement as text; bytes that are not UTF-8 show as replacement characters when the client charset is unknown here.</summary>
    public string Sql => Encoding.UTF8.GetString(SqlBytes.Span);
}
