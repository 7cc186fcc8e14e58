using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>A DDL statement of the binary log with all that is known about it.</summary>
/// <param name="Statement">The statement taken apart.</param>
/// <param name="Text">Its text.</param>
/// <param name="Query">Its event.</param>
/// <param name="Gtid">GTID of its transaction; null without GTID.</param>
/// <param name="Records">The tables as the checkpoint has them.</param>
internal sealed record DdlSource(DdlStatement Statement, string Text, QueryEvent Query, Gtid? Gtid, IReadOnlyList<TableCopyRecord> Records)
{
    /// <summary>Where it is in the binary log: the key of its entry in the DDL log.</summary>
    public string Position => Gtid?.ToString() ?? Query.End.ToString()!;

    /// <summary>The session ran with foreign key checks off.</summary>
    public bool IgnoresForeignKeys => ((Query.Context.Flags2 ?? 0) & 0x04000000) != 0;

    /// <summary>Where the table of a gate is, seen from the statement.</summary>
    public TableStage StageOf(Gate gate, int table) => gate.StageOf(table, Gtid, Query.End);
}
