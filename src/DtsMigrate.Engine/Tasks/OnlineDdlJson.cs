using System.Text.Json;
using System.Text.RegularExpressions;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads, writes and checks the options <c>onlineDdl</c>, <c>onlineDdlShadow</c> and <c>onlineDdlTrash</c>.</summary>
internal static class OnlineDdlJson
{
    private const string Path = "$.options.";
    private const int MostCharacters = 1000;

    /// <summary>Names of the members.</summary>
    public static readonly string[] Members = ["onlineDdl", "onlineDdlShadow", "onlineDdlTrash"];

    public static OnlineDdlOptions Read(JsonMembers options) => new()
    {
        Mode = options.Word(Members[0], OnlineDdlMode.CopyTables),
        Shadow = options.Text(Members[1]),
        Trash = options.Text(Members[2]),
    };

    public static void Write(Utf8JsonWriter json, OnlineDdlOptions options)
    {
        json.WriteString(Members[0], options.Mode.ToString());
        WriteIf(json, Members[1], options.Shadow);
        WriteIf(json, Members[2], options.Trash);
    }

    public static void Check(MigrationTask task, DefinitionFaults faults)
    {
        var options = task.Options.OnlineDdl;
        foreach (var (member, pattern) in new[] { (Members[1], options.Shadow), (Members[2], options.Trash) })
        {
            if (pattern is null || faults.AnyInside(Path + member))
            {
                continue;
            }

            if (options.Mode == OnlineDdlMode.CopyTables)
            {
                faults.Add(Path + member, DefinitionFaults.Show(pattern), "With onlineDdl CopyTables no table is looked for by its name.", $"Set onlineDdl to AdaptDms, AdaptGhOst or AdaptPtOsc, or remove {member}.");
            }

            CheckPattern(Path + member, pattern, task, faults);
        }

        if (options.Mode != OnlineDdlMode.CopyTables && task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            faults.Add(Path + Members[0], DefinitionFaults.Show(options.Mode.ToString()), "With the conflict mode IgnoreErrorsAndProceed the destination may keep rows of its own, so that what a tool has made of a table cannot be compared.", "Use PrecheckAndReportErrors, or onlineDdl CopyTables.");
        }
    }

    private static void CheckPattern(string path, string pattern, MigrationTask task, DefinitionFaults faults)
    {
        Regex? compiled = null;
        string? why = pattern.Length is 0 or > MostCharacters ? $"it has {pattern.Length} characters, not 1 to {MostCharacters}" : null;
        try
        {
            compiled = why is null ? Compile(pattern, ignoreCase: false) : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            why = e.Message.TrimEnd('.');
        }

        if (compiled is null)
        {
            faults.Add(path, DefinitionFaults.Show(pattern), $"This is not a regular expression that can be used: {why}.", "Write one without back references and look-arounds, for example \"^_(.+)_gho$\".");
            return;
        }

        // The name of the table that is changed itself, and any name at all: then nothing would be migrated any more.
        string? caught = task.Objects.SelectMany(d => d.Tables.Select(t => t.Name)).Append("t").FirstOrDefault(compiled.IsMatch);
        if (caught is not null)
        {
            faults.Add(path, DefinitionFaults.Show(pattern), $"It matches {DefinitionFaults.Show(caught)}, which is no temporary table.", "Anchor it with ^ and $, and write out what the tool adds to a table's name, for example \"^_(.+)_gho$\".");
        }
    }

    /// <summary>Compiles an expression; matching takes time in proportion to the name's length, whatever it says.</summary>
    public static Regex Compile(string pattern, bool ignoreCase) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None), Regex.InfiniteMatchTimeout);

    private static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
