using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>One element of a CREATE TABLE: the tokens from <paramref name="First"/> up to, not including, <paramref name="End"/>.</summary>
/// <param name="First">Index of the first token.</param>
/// <param name="End">Index after the last token.</param>
/// <param name="Column">Column name when the element defines a column, else null.</param>
/// <param name="IsForeignKey">The element is a foreign key.</param>
internal sealed record CreateTableElement(int First, int End, string? Column, bool IsForeignKey)
{
    /// <summary>Classifies an element.</summary>
    public static CreateTableElement Create(SqlTokens tokens, int first, int end)
    {
        // SHOW CREATE TABLE quotes every name, so an element that begins with one is a column and no key word is taken for a name.
        string? column = tokens.Is(first, SqlTokenKind.QuotedName) ? tokens.Name(first) : null;
        int key = tokens.IsWord(first, "CONSTRAINT") ? first + (tokens.Is(first + 1, SqlTokenKind.QuotedName) ? 2 : 1) : first;
        bool foreign = tokens.IsWord(key, "FOREIGN") && tokens.IsWord(key + 1, "KEY");
        return new CreateTableElement(first, end, column, foreign);
    }

    /// <summary>The element's text, byte for byte.</summary>
    public string Text(SqlTokens tokens) => tokens.Sql[tokens[First].Start..tokens[End - 1].End];
}
