namespace DtsMigrate.Engine.Progress;

/// <summary>Texts of servers and of the platform end with or without a full stop; ours go on after them.</summary>
internal static class Sentence
{
    /// <summary>The text, ended by a full stop when it has no end of its own.</summary>
    public static string End(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' ? text : text + ".";
}
