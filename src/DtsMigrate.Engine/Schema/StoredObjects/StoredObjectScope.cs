using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Which stored objects a task migrates: those of wholly selected databases.</summary>
internal sealed class StoredObjectScope(ObjectSelection selection, bool events)
{
    /// <summary>True when the object is migrated.</summary>
    public bool Covers(StoredObjectName name) =>
        selection.SelectsWholeDatabase(name.Name.Database) && (events || name.Kind != StoredObjectKind.Event) && !(name.Kind == StoredObjectKind.Trigger && IsOfTool(name));

    /// <summary>Names of all objects of the task on a source, kind by kind in the order of creation.</summary>
    public async Task<IReadOnlyList<StoredObjectName>> ListAsync(StoredObjectReader reader, IEnumerable<string> databases, CancellationToken cancellationToken)
    {
        var found = new List<StoredObjectName>();
        foreach (string database in databases.Where(selection.SelectsWholeDatabase))
        {
            found.AddRange((await reader.ListAsync(database, cancellationToken).ConfigureAwait(false)).Where(Covers));
        }

        return [.. found.OrderBy(n => n.Kind).ThenBy(n => n.Name.Database, StringComparer.Ordinal).ThenBy(n => n.Detail, StringComparer.Ordinal).ThenBy(n => n.ActionOrder).ThenBy(n => n.Name.Name, StringComparer.Ordinal)];
    }

    // Triggers by which an online DDL tool follows a table, and those of tables that are left out.
    private bool IsOfTool(StoredObjectName trigger) =>
        selection.OnlineDdl.IsTrigger(trigger.Name.Name) || (trigger.Detail is { } table && selection.IsTemporary(trigger.Name with { Name = table }));
}
