using System.Text;

namespace DtsMigrate.Engine.Tasks;

/// <summary>MySQL option files. MySQL manual, "Using Option Files".</summary>
internal static class OptionFile
{
    /// <summary>The last value of an option in a group; null when it is not there or has no value at all (<c>password</c> alone asks a person).</summary>
    public static string? Find(string text, string group, string option)
    {
        string? found = null;
        bool inside = false;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';' or '!')
            {
                continue;
            }

            if (line[0] == '[')
            {
                int end = line.IndexOf(']', StringComparison.Ordinal);
                inside = end > 0 && line[1..end].Trim() == group;
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (inside && equals > 0 && line[..equals].TrimEnd() == option)
            {
                found = Value(line[(equals + 1)..].TrimStart());
            }
        }

        return found;
    }

    // Quotes keep '#' and spaces; \b \t \n \r \\ \s are sequences, any other backslash stands for itself.
    private static string Value(string text)
    {
        char quote = text.Length > 0 && text[0] is ('"' or '\'') ? text[0] : '\0';
        var value = new StringBuilder();
        int kept = 0;
        for (int i = quote == '\0' ? 0 : 1; i < text.Length; i++)
        {
            char c = text[i];
            if (c == (quote == '\0' ? '#' : quote))
            {
                break;
            }

            if (c == '\\' && i + 1 < text.Length && Unescape(text[i + 1], quote) is { } escaped)
            {
                value.Append(escaped);
                kept = value.Length;
                i++;
                continue;
            }

            value.Append(c);
            if (quote != '\0' || !char.IsWhiteSpace(c))
            {
                kept = value.Length;
            }
        }

        return value.ToString(0, kept);
    }

    private static char? Unescape(char c, char quote) => c switch
    {
        'b' => '\b',
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        '\\' => '\\',
        's' => ' ',
        _ when quote != '\0' && c == quote => c,
        _ => null,
    };
}
