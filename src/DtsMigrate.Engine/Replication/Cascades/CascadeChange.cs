namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>What happens to the columns that a foreign key refers to.</summary>
/// <param name="IsDelete">The row is deleted.</param>
/// <param name="Old">Values before, as literals; null for NULL.</param>
/// <param name="New">New values, as literals, of those that get another one; null for those that keep theirs. All null for a DELETE.</param>
internal readonly record struct CascadeChange(bool IsDelete, byte[]?[] Old, byte[]?[] New)
{
    /// <summary>Some row of the child may be meant: NULL refers to nothing.</summary>
    public bool HasEffect => Array.TrueForAll(Old, v => v is not null) && (IsDelete || Array.Exists(New, v => v is not null));
}
