using System.Text;

namespace DtsMigrate.Engine.Sql;

/// <summary>Replacements in a text; everything between them stays character for character.</summary>
internal sealed class TextEdits
{
    private readonly SortedList<int, (int Length, string Text)> _edits = [];

    /// <summary>Nothing is replaced.</summary>
    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Replaces a part of the text. Parts must not overlap; the same part may be given again and the later one counts.</summary>
    /// <param name="start">First character.</param>
    /// <param name="length">Characters; 0 inserts.</param>
    /// <param name="text">What comes in its place.</param>
    public void Replace(int start, int length, string text) => _edits[start] = (length, text);

    /// <summary>Replaces a token.</summary>
    public void Replace(SqlToken token, string text) => Replace(token.Start, token.Length, text);

    /// <summary>The text with its replacements.</summary>
    public string Apply(string text) => Apply(text, 0, text.Length);

    /// <summary>A part of the text with its replacements.</summary>
    public string Apply(string text, int start, int end)
    {
        var result = new StringBuilder(end - start + 64);
        int from = start;
        foreach (var (at, (length, replacement)) in _edits)
        {
            if (at >= start && at + length <= end)
            {
                result.Append(text, from, at - from).Append(replacement);
                from = at + length;
            }
        }

        return result.Append(text, from, end - from).ToString();
    }
}
