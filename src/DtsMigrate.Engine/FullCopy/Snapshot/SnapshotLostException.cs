using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy.Snapshot;

/// <summary>A connection that held the common snapshot of the source is gone, and nobody can open another one at the same point.</summary>
internal sealed class SnapshotLostException : DtsMigrateException
{
    /// <summary>Creates the error.</summary>
    /// <param name="why">End of the sentence.</param>
    public SnapshotLostException(string why)
        : base("SnapshotLost", $"The snapshot of the source that all tables are copied from is lost: {why}")
    {
        Target = "source";
        RecommendedAction = "Find out why the source ends long transactions, or include Incremental in migrationTypes: such tasks need no long snapshot.";
    }
}
