using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>An index among the elements of a CREATE TABLE.</summary>
/// <param name="Element">The element.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name; PRIMARY for the primary key.</param>
/// <param name="FirstColumn">First column; null when the first part is an expression.</param>
internal sealed record IndexElement(CreateTableElement Element, IndexKind Kind, string Name, string? FirstColumn)
{
    /// <summary>Reads an element; null when it is a column or a constraint.</summary>
    public static IndexElement? Read(SqlTokens tokens, CreateTableElement element)
    {
        int at = element.First;
        if (element.Column is not null || element.IsForeignKey)
        {
            return null;
        }

        if (tokens.IsWord(at, "PRIMARY") && tokens.IsWord(at + 1, "KEY"))
        {
            return new IndexElement(element, IndexKind.Primary, "PRIMARY", ColumnAt(tokens, at + 3));
        }

        IndexKind kind = tokens.IsWord(at, "UNIQUE") ? IndexKind.Unique
            : tokens.IsWord(at, "FULLTEXT") ? IndexKind.Fulltext
            : tokens.IsWord(at, "SPATIAL") ? IndexKind.Spatial
            : IndexKind.Plain;
        at += kind == IndexKind.Plain ? 0 : 1;
        return tokens.IsWord(at, "KEY") && tokens.Is(at + 1, SqlTokenKind.QuotedName)
            ? new IndexElement(element, kind, tokens.Name(at + 1), ColumnAt(tokens, at + 3))
            : null;
    }

    private static string? ColumnAt(SqlTokens tokens, int at) => tokens.Is(at, SqlTokenKind.QuotedName) ? tokens.Name(at) : null;
}
