namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Where a table of the task is, seen from a statement of the binary log.</summary>
internal enum TableStage
{
    /// <summary>Not complete: waits for its copy, or for the stream to come back for it.</summary>
    Incomplete,

    /// <summary>Complete up to the statement: it is to be carried out.</summary>
    Complete,

    /// <summary>Its copy has begun after the statement, or the statement has been carried out: nothing is to be done.</summary>
    Later,

    /// <summary>The task goes on without it: no statement about it is carried out.</summary>
    Stopped,
}
