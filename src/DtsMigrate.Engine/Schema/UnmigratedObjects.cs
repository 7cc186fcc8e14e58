using System.Globalization;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>Lists what a task's selection covers and this version does not migrate: nothing is left behind silently.</summary>
public static class UnmigratedObjects
{
    /// <summary>Views, routines, events and libraries of wholly selected databases, and triggers of selected tables, as far as the account sees them.</summary>
    public static async Task<IReadOnlyList<UnmigratedObject>> ReadAsync(MySqlSession session, ObjectSelection selection, CancellationToken cancellationToken)
    {
        var found = new List<UnmigratedObject>();
        string libraries = session.ServerVersion.IsAtLeast(9, 2)
            ? " UNION ALL SELECT 'LIBRARY', LIBRARY_SCHEMA, LIBRARY_NAME, '' FROM information_schema.LIBRARIES"
            : string.Empty;
        var rows = await session.QueryRowsAsync(
            "SELECT 'VIEW', TABLE_SCHEMA, TABLE_NAME, '' FROM information_schema.VIEWS"
            + " UNION ALL SELECT ROUTINE_TYPE, ROUTINE_SCHEMA, ROUTINE_NAME, '' FROM information_schema.ROUTINES"
            + " UNION ALL SELECT 'EVENT', EVENT_SCHEMA, EVENT_NAME, '' FROM information_schema.EVENTS"
            + " UNION ALL SELECT 'TRIGGER', EVENT_OBJECT_SCHEMA, TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS"
            + libraries, cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            var (kind, database, name, table) = (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3));
            if (kind == "TRIGGER" ? selection.Selects(new QualifiedName(database, table)) : selection.SelectsWholeDatabase(database))
            {
#pragma warning disable CA1308 // Words for people.
                found.Add(new UnmigratedObject(CultureInfo.InvariantCulture.TextInfo.ToTitleCase(kind.ToLowerInvariant()), database, name));
#pragma warning restore CA1308
            }
        }

        return found;
    }
}
