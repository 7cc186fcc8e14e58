namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>A stored object as information_schema lists it.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name, as the server stores it.</param>
/// <param name="Detail">Table of a trigger (of the trigger's database), status of an event, else null.</param>
/// <param name="ActionOrder">Place of a trigger among those of its table that fire at the same time; 0 for other kinds.</param>
/// <param name="CreatedAt">Second of an event's creation (Unix time), else 0.</param>
internal sealed record StoredObjectName(StoredObjectKind Kind, QualifiedName Name, string? Detail, int ActionOrder, long CreatedAt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}";
}
