namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>What a statement in the binary log is, as far as the applier must know.</summary>
internal enum StatementKind
{
    /// <summary>BEGIN, START TRANSACTION.</summary>
    Begin,

    /// <summary>COMMIT.</summary>
    Commit,

    /// <summary>ROLLBACK of the whole transaction.</summary>
    Rollback,

    /// <summary>SAVEPOINT and RELEASE SAVEPOINT: no effect on data.</summary>
    Savepoint,

    /// <summary>ROLLBACK TO a savepoint.</summary>
    RollbackToSavepoint,

    /// <summary>XA START.</summary>
    XaStart,

    /// <summary>XA END.</summary>
    XaEnd,

    /// <summary>XA COMMIT.</summary>
    XaCommit,

    /// <summary>XA ROLLBACK.</summary>
    XaRollback,

    /// <summary>DDL that changes tables.</summary>
    TableDdl,

    /// <summary>CREATE, ALTER, DROP DATABASE.</summary>
    DatabaseDdl,

    /// <summary>DDL of views, routines, triggers, events.</summary>
    ObjectDdl,

    /// <summary>Accounts, grants, server-wide objects, maintenance: no effect on the data of tables.</summary>
    Other,

    /// <summary>INSERT, UPDATE, DELETE, REPLACE, LOAD as a statement.</summary>
    Dml,

    /// <summary>Not understood.</summary>
    Unknown,
}
