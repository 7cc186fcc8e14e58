namespace DtsMigrate.Engine.Tasks;

/// <summary>What <see cref="TaskWaiter"/> waits for.</summary>
public enum WaitUntil
{
    /// <summary>The run has ended as it should: Completed; or Stopped or Suspended on request.</summary>
    Ended,

    /// <summary>The tables are created.</summary>
    SchemaDone,

    /// <summary>Every row that was there is copied.</summary>
    CopyDone,

    /// <summary>The destination follows the source, or the task needs no stream and is Completed.</summary>
    CaughtUp,
}
