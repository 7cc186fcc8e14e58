namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>A token of an SQL statement.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Text">Text; of a quoted name or string without its quotes.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    /// <summary>May stand for an object.</summary>
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    /// <summary>The keyword, whatever its case.</summary>
    public bool Is(string keyword) => Kind == SqlTokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>The punctuation.</summary>
    public bool IsSymbol(char symbol) => Kind == SqlTokenKind.Symbol && Text[0] == symbol;
}
