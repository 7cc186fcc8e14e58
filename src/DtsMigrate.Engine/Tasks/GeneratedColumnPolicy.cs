namespace DtsMigrate.Engine.Tasks;

/// <summary>What becomes of generated values that a session's time zone or the day goes into: no statement can write them, the destination computes them itself.</summary>
public enum GeneratedColumnPolicy
{
    /// <summary>A table that has one is not migrated, except from a source in UTC: the migration computes in UTC, too.</summary>
    Exact,

    /// <summary>The destination computes them in UTC and on the day of the migration, whatever the source holds.</summary>
    Recompute,
}
