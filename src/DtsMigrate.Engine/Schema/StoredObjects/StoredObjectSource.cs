using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Reads the stored objects of a task in the order in which they are created.</summary>
internal static class StoredObjectSource
{
    /// <summary>The objects with their texts; views behind the views that they read. Modes that the destination does not have any more are left out of sql_mode.</summary>
    public static async Task<List<StoredObject>> ReadAsync(MySqlSession session, MigrationTask task, ObjectSelection selection, ServerVersion destination, CancellationToken cancellationToken)
    {
        var reader = await StoredObjectReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
        var scope = new StoredObjectScope(selection, task.Options.MigrateEvents);
        var names = await scope.ListAsync(reader, task.Objects.Select(d => d.Name), cancellationToken).ConfigureAwait(false);
        var objects = new List<StoredObject>(names.Count);
        foreach (var name in names)
        {
            if (await reader.ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } found)
            {
                objects.Add(found with { SqlMode = SqlModeList.For(destination, found.SqlMode) });
            }
        }

        var views = ViewOrder.Sort(objects.FindAll(o => o.Kind == StoredObjectKind.View), reader.Names);
        int first = objects.FindIndex(o => o.Kind == StoredObjectKind.View);
        for (int i = 0; i < views.Count; i++)
        {
            objects[first + i] = views[i];
        }

        return objects;
    }
}
