using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>A foreign key by which changes of one table of the task change rows of another one, or of itself.</summary>
/// <param name="Child">Number of the table that has the key.</param>
/// <param name="Parent">Number of the table that it refers to.</param>
/// <param name="Key">The key.</param>
internal sealed record CascadeLink(int Child, int Parent, ForeignKeyDefinition Key)
{
    /// <summary>What a DELETE of the parent's row does.</summary>
    public CascadeAction OnDelete => ActionOf(Key.OnDelete);

    /// <summary>What a new value in the parent's row does.</summary>
    public CascadeAction OnUpdate => ActionOf(Key.OnUpdate);

    /// <summary>Only deletes rows, and changes none.</summary>
    public bool OnlyDeletes => OnDelete != CascadeAction.SetNull && OnUpdate == CascadeAction.None;

    // InnoDB knows no SET DEFAULT.
    private static CascadeAction ActionOf(string? action) => action switch
    {
        "CASCADE" => CascadeAction.Cascade,
        "SET NULL" => CascadeAction.SetNull,
        _ => CascadeAction.None,
    };
}
