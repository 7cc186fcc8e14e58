using System.Text.Json;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Collects the faults of a definition. A member that is faulty already is not reported again, nor is anything inside it.</summary>
internal sealed class DefinitionFaults
{
    private const int LongestValue = 80;

    private readonly List<TaskDefinitionFault> _faults = [];

    /// <summary>The faults so far.</summary>
    public IReadOnlyList<TaskDefinitionFault> List => _faults;

    /// <summary>Path of a member.</summary>
    public static string Child(string path, string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? $"{path}.{name}" : $"{path}['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";

    /// <summary>Path of an element.</summary>
    public static string Child(string path, int index) => $"{path}[{index}]";

    /// <summary>Reports a fault.</summary>
    /// <param name="path">Member.</param>
    /// <param name="value">Value to show; null to show none. Passwords are never given.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What to do.</param>
    public void Add(string path, string? value, string message, string remedy)
    {
        if (!_faults.Any(known => Covers(known.Path, path)))
        {
            _faults.Add(new TaskDefinitionFault(path, value, message, remedy));
        }
    }

    /// <summary>True when something inside a member is faulty: that explains why the member seems to say nothing.</summary>
    public bool AnyInside(string path) => _faults.Any(known => Covers(path, known.Path));

    /// <summary>Reports a number out of its range.</summary>
    public void OutOfRange(string path, string value, TaskOptionRange range) =>
        Add(path, value, "The value is out of range.", $"Use a whole number from {range.Minimum} to {range.Maximum}.");

    /// <summary>A text as it stands in JSON, shortened.</summary>
    public static string Show(string text) => Shorten(TaskJson.Write(text));

    /// <summary>A value as it stands in JSON, shortened; objects and arrays only by their kind.</summary>
    public static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{...}",
        JsonValueKind.Array => "[...]",
        _ => Shorten(value.GetRawText()),
    };

    /// <summary>Throws when there is a fault.</summary>
    public void ThrowIfAny(string? file)
    {
        if (_faults.Count > 0)
        {
            throw new TaskDefinitionException(_faults, file);
        }
    }

    private static string Shorten(string text) => text.Length <= LongestValue ? text : string.Concat(text.AsSpan(0, LongestValue), "...");

    private static bool Covers(string outer, string path) =>
        path.StartsWith(outer, StringComparison.Ordinal) && (path.Length == outer.Length || path[outer.Length] is '.' or '[');
}
