using System.Buffers;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Names of tasks: they name folders and rows, so they are plain.</summary>
public static class TaskName
{
    /// <summary>The rule in words.</summary>
    public const string Rule = "Use 1 to 64 letters (a-z, A-Z), digits, dots, dashes or underscores; the first is a letter or a digit, the last is not a dot.";

    private const int MaximumLength = 64;

    private static readonly SearchValues<char> Legal = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>True when the text may name a task.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaximumLength }
        && char.IsAsciiLetterOrDigit(name[0])
        && name[^1] != '.'
        && name.AsSpan().IndexOfAnyExcept(Legal) < 0;
}
