using System.Globalization;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>The session settings under which a stored object is created, so that it is kept with the same ones.</summary>
internal static class StoredObjectContext
{
    /// <summary>The statements that set a session up, in order. After the last one statements are read in the object's own character set.</summary>
    /// <param name="target">The object under its name on the destination.</param>
    public static IReadOnlyList<string> Enter(StoredObject target)
    {
        var settings = new List<string> { $"sql_mode={SqlText.Literal(target.SqlMode)}" };
        if (target.TimeZone is { } zone)
        {
            settings.Add($"time_zone={SqlText.Literal(zone)}");
        }

        if (target.CreatedAt > 0)
        {
            // A schedule may lie in the past by now; it did not when the event was created.
            settings.Add(string.Create(CultureInfo.InvariantCulture, $"timestamp={target.CreatedAt}"));
        }

        if (target.ClientCharset is { } charset)
        {
            settings.Add($"collation_connection={target.ConnectionCollation}");
            settings.Add($"character_set_client={charset}");
        }

        return [$"USE {SqlText.Name(target.Name.Database)}", "SET " + string.Join(", ", settings)];
    }

    /// <summary>The statement that takes a session out of every such setting.</summary>
    public const string Leave = "SET NAMES utf8mb4, sql_mode='', time_zone='+00:00', timestamp=DEFAULT";
}
