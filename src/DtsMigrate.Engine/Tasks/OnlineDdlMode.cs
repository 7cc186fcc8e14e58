namespace DtsMigrate.Engine.Tasks;

/// <summary>What becomes of the temporary tables by which online DDL tools change a table of the source.</summary>
public enum OnlineDdlMode
{
    /// <summary>They are migrated like any table: rows and changes of the temporary tables reach the destination, and the tool's swap of names is carried out there.</summary>
    CopyTables,

    /// <summary>They are left out; when lock-free changes of Alibaba Cloud DMS swap the names, the destination's table is altered.</summary>
    AdaptDms,

    /// <summary>The same for gh-ost.</summary>
    AdaptGhOst,

    /// <summary>The same for pt-online-schema-change.</summary>
    AdaptPtOsc,
}
