namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>Kind of an index.</summary>
internal enum IndexKind
{
    /// <summary>The primary key.</summary>
    Primary,

    /// <summary>A unique key.</summary>
    Unique,

    /// <summary>A B-tree that is not unique: functional, multi-valued, prefix and descending ones, too.</summary>
    Plain,

    /// <summary>FULLTEXT.</summary>
    Fulltext,

    /// <summary>SPATIAL.</summary>
    Spatial,
}
