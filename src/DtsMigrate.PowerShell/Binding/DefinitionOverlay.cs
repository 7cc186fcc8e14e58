using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.Json.Nodes;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>
/// Lays what was given as parameters over a task definition. Names, values and ranges are judged afterwards by the definition's reader, as for files; a fault is told by
/// the parameter that sets the member.
/// </summary>
internal static class DefinitionOverlay
{
    /// <summary>Sets the members of options, accounts and conflict mode for which a parameter was given. An empty text or list takes the member away: its default counts.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="cmdlet">The cmdlet with its parameters.</param>
    /// <param name="given">Names of the parameters that were given.</param>
    /// <param name="fullPath">Makes a path of the shell one of the file system.</param>
    public static void Apply(JsonObject definition, object cmdlet, IEnumerable<string> given, Func<string, string> fullPath)
    {
        foreach (string name in given)
        {
            if (cmdlet.GetType().GetProperty(name) is { } property && property.GetCustomAttributes<TaskMemberAttribute>().FirstOrDefault() is { } member && !IsByHand(member.Path))
            {
                object? value = Spelled(property, property.GetValue(cmdlet));
                value = member.IsPath && value is string { Length: > 0 } path ? fullPath(path) : value;
                Set(definition, member.Path.Split('.'), Value(value, member.Inverted));
            }
        }
    }

    /// <summary>Lays one object over another, member by member; null takes a member away.</summary>
    public static void Merge(JsonObject target, JsonObject over)
    {
        foreach ((string name, JsonNode? value) in over)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    /// <summary>The member with this path, made where it is missing.</summary>
    public static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }

    /// <summary>True for a parameter that sets a member of the definition other than the task's name.</summary>
    public static bool IsMember(Type cmdlet, string parameter) => Members(cmdlet, parameter).Any(static path => path != "name");

    /// <summary>True for a parameter that says something of the connection to a side.</summary>
    public static bool IsOfSide(Type cmdlet, string parameter, string side) =>
        Members(cmdlet, parameter).Any(path => path.StartsWith(side + ".", StringComparison.Ordinal) && !path.EndsWith(".otherHosts", StringComparison.Ordinal));

    /// <summary>The parameter that sets a member, by the member's JSON path or the nearest one above it; null when none does.</summary>
    public static string? ParameterOf(Type cmdlet, string jsonPath)
    {
        string path = jsonPath.StartsWith("$.", StringComparison.Ordinal) ? jsonPath[2..] : jsonPath;
        ILookup<string, string> parameters = cmdlet.GetProperties()
            .SelectMany(static property => property.GetCustomAttributes<TaskMemberAttribute>().Select(member => (member.Path, property.Name)))
            .ToLookup(static pair => pair.Path, static pair => pair.Name, StringComparer.Ordinal);
        for (; path.Length > 0; path = path[..Math.Max(path.LastIndexOfAny(['.', '[']), 0)])
        {
            if (parameters[path].FirstOrDefault() is { } name)
            {
                return name;
            }
        }

        return null;
    }

    private static IEnumerable<string> Members(Type cmdlet, string parameter) =>
        cmdlet.GetProperty(parameter)?.GetCustomAttributes<TaskMemberAttribute>().Select(static member => member.Path) ?? [];

    // Sides and objects take several parameters together.
    private static bool IsByHand(string path) => !path.StartsWith("options.", StringComparison.Ordinal) && path is not ("accounts" or "conflictMode" or "migrationTypes" or "dml" or "ddl");

    // A set of words takes any case; definitions do not.
    private static object? Spelled(PropertyInfo property, object? value)
    {
        string[]? words = property.GetCustomAttribute<ValidateSetAttribute>()?.ValidValues.ToArray();
        return (words, value) switch
        {
            (null, _) => value,
            (_, string text) => Find(text),
            (_, string[] texts) => texts.Select(Find).ToArray(),
            _ => value,
        };

        string Find(string text) => words.First(word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
    }

    private static void Set(JsonObject parent, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length > 1)
        {
            Set(Child(parent, path[0]), path[1..], value);
        }
        else if (value is null)
        {
            parent.Remove(path[0]);
        }
        else
        {
            parent[path[0]] = value;
        }
    }

    private static JsonNode? Value(object? value, bool inverted) => value switch
    {
        null => null,
        SwitchParameter flag => JsonValue.Create(flag.ToBool() != inverted),
        string text => text.Length == 0 ? null : JsonValue.Create(text),
        Uri address => JsonValue.Create(address.OriginalString),
        Enum word => JsonValue.Create(word.ToString()),
        IDictionary members => OptionArguments.Build(members),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().SelectMany(Words).Select(word => (JsonNode)JsonValue.Create(word))]),
        _ => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
    };

    // A value of flags may stand for several words.
    private static string[] Words(object? item) => item is Enum flags ? flags.ToString().Split(", ") : [LanguagePrimitives.ConvertTo<string>(item)];
}
