namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Compares stored objects by kind and name as a server does: databases, views and triggers by its setting, routines, events and libraries without case.</summary>
/// <param name="names">How the server compares names of databases and tables.</param>
internal sealed class StoredObjectKeyComparer(StringComparer names) : IEqualityComparer<(StoredObjectKind Kind, QualifiedName Name)>
{
    /// <inheritdoc/>
    public bool Equals((StoredObjectKind Kind, QualifiedName Name) x, (StoredObjectKind Kind, QualifiedName Name) y) =>
        x.Kind == y.Kind && names.Equals(x.Name.Database, y.Name.Database) && Of(x.Kind).Equals(x.Name.Name, y.Name.Name);

    /// <inheritdoc/>
    public int GetHashCode((StoredObjectKind Kind, QualifiedName Name) obj) =>
        HashCode.Combine(obj.Kind, names.GetHashCode(obj.Name.Database), Of(obj.Kind).GetHashCode(obj.Name.Name));

    private StringComparer Of(StoredObjectKind kind) => kind is StoredObjectKind.View or StoredObjectKind.Trigger ? names : StringComparer.OrdinalIgnoreCase;
}
