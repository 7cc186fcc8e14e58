namespace DtsMigrate.Engine.Sql;

/// <summary>A token and its place in the text that it was read from.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Start">First character.</param>
/// <param name="Length">Length in characters, quotes included.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    /// <summary>The character after the token.</summary>
    public int End => Start + Length;
}
