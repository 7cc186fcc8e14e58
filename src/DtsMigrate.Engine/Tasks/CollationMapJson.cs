using System.Text.Json;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads, writes and checks the option <c>collationMap</c>.</summary>
internal static class CollationMapJson
{
    private const string Member = "collationMap";
    private const string Example = "{ \"utf8mb4_0900_ai_ci\": \"utf8mb4_unicode_ci\" }";

    public static CollationMap Read(JsonMembers options) => options.Object(Member, null, Example) is { } members
        ? new CollationMap(members.Names.Select(name => KeyValuePair.Create(name, members.Text(name) ?? name)))
        : CollationMap.None;

    public static void Write(Utf8JsonWriter json, CollationMap map)
    {
        if (map.IsEmpty)
        {
            return;
        }

        json.WriteStartObject(Member);
        foreach (var (from, to) in map.Pairs)
        {
            json.WriteString(from, to);
        }

        json.WriteEndObject();
    }

    public static void Check(MigrationTask task, DefinitionFaults faults)
    {
        const string Path = "$.options." + Member;
        var map = task.Options.CollationMap;
        if (map.IsEmpty || faults.AnyInside(Path))
        {
            return;
        }

        if (!task.MigrationTypes.HasFlag(MigrationTypes.Schema))
        {
            faults.Add(Path, null, "The task creates no tables whose collation could be another.", "Add Schema to migrationTypes, or remove collationMap.");
        }

        if (task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            faults.Add(Path, null, "With the conflict mode IgnoreErrorsAndProceed, rows that become equal under another collation would be left out without a word.", "Use PrecheckAndReportErrors, or remove collationMap.");
        }

        foreach (var (from, to) in map.Pairs)
        {
            string at = DefinitionFaults.Child(Path, from);
            if (!IsName(from) || !IsName(to))
            {
                faults.Add(at, DefinitionFaults.Show(to), "This is not the name of a collation.", $"Write it like {Example}.");
            }
            else if (CollationMap.CharsetOf(from) != CollationMap.CharsetOf(to))
            {
                faults.Add(at, DefinitionFaults.Show(to), $"It belongs to another character set than {from}.", "Choose a collation of the same character set.");
            }
        }
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
