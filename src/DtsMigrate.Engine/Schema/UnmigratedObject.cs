namespace DtsMigrate.Engine.Schema;

/// <summary>An object of a selected database that is not migrated because it is not a base table.</summary>
/// <param name="Kind">View, Procedure, Function, Trigger, Event, Library.</param>
/// <param name="Database">Database.</param>
/// <param name="Name">Name.</param>
public sealed record UnmigratedObject(string Kind, string Database, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Database}.{Name}";
}
