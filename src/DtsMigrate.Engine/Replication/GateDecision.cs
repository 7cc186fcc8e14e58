namespace DtsMigrate.Engine.Replication;

/// <summary>What the gate says about one table's changes in one source transaction.</summary>
public enum GateDecision
{
    /// <summary>Not needed: the copy saw them, will see them, or they are applied already.</summary>
    Drop,

    /// <summary>Passed over for now: the stream is taken back for the table when its copy is done.</summary>
    Hold,

    /// <summary>To be applied now.</summary>
    Apply,

    /// <summary>The table is stopped: to be counted, and not applied.</summary>
    LeaveOut,
}
