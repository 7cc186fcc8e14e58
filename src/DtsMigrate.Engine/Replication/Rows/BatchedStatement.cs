using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>A statement in the batch, and what its result must be.</summary>
/// <param name="Table">Table; null for control statements.</param>
/// <param name="Shape">Form.</param>
/// <param name="Rows">Row changes it stands for.</param>
/// <param name="KeyStart">Where the text that names its (first) row begins in the batch.</param>
/// <param name="ZeroEnums">Values of ENUM index 0 it writes: as many warnings are expected.</param>
/// <param name="At">End of its (last) event in the binary log; nothing for control statements.</param>
internal readonly record struct BatchedStatement(TablePlan? Table, StatementShape Shape, int Rows, int KeyStart, int ZeroEnums, BinlogCoordinate At)
{
    /// <summary>Where that text ends.</summary>
    public int KeyEnd { get; init; }
}
