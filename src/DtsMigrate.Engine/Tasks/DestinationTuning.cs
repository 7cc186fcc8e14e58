namespace DtsMigrate.Engine.Tasks;

/// <summary>Settings of the destination server that are changed while rows are copied, and set back then. They concern everybody on that server.</summary>
[Flags]
public enum DestinationTuning
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>
    /// innodb_flush_log_at_trx_commit=2 and sync_binlog=0: a power cut on the destination may cost its last second of transactions, the migration's and everybody else's.
    /// </summary>
    RelaxedFlush = 1,

    /// <summary>No InnoDB redo log: a crash of the destination during the copy costs the whole instance. Only where the task's databases are the only ones.</summary>
    RedoLogOff = 2,
}
