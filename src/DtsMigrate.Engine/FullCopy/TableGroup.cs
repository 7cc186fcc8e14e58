namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Small tables of one chunk each that are begun, copied and finished together: what a small table costs is round trips and commits, and tables that share them cost a fraction. It is a shortcut and no more: where
/// anything is out of the ordinary the tables leave the group, and each goes the way of a table alone.
/// </summary>
internal sealed class TableGroup
{
    /// <summary>Most tables of one.</summary>
    public const int Most = 16;

    /// <summary>Creates the group and puts the tables into it.</summary>
    public TableGroup(IReadOnlyList<TableWork> tables)
    {
        Tables = tables;
        foreach (var table in tables)
        {
            table.Group = this;
        }
    }

    /// <summary>Its tables, also those that have left it.</summary>
    public IReadOnlyList<TableWork> Tables { get; }

    /// <summary>Every table goes alone from here.</summary>
    public void Dissolve()
    {
        foreach (var table in Tables.Where(t => t.Group == this))
        {
            table.Group = null;
        }
    }
}
