namespace DtsMigrate.Engine.Tasks;

/// <summary>When the indexes that rows do not need are built: with the table, or after its rows.</summary>
public enum LateIndexes
{
    /// <summary>After the rows where the table is big enough to gain by it.</summary>
    Auto,

    /// <summary>After the rows, however small the table.</summary>
    Always,

    /// <summary>With the table.</summary>
    Never,
}
