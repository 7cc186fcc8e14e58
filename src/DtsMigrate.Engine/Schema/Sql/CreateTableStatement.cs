using System.Globalization;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>
/// A CREATE TABLE as SHOW CREATE TABLE prints it, cut into its elements (columns, keys, constraints) and its tail (options, partitions)
/// by tokens. Nothing is interpreted beyond what rewriting needs.
/// </summary>
internal sealed class CreateTableStatement
{
    private CreateTableStatement(SqlTokens tokens, string name, IReadOnlyList<CreateTableElement> elements, int tailStart)
    {
        Tokens = tokens;
        Name = name;
        Elements = elements;
        TailStart = tailStart;
    }

    /// <summary>The tokens of the statement.</summary>
    public SqlTokens Tokens { get; }

    /// <summary>Name of the table.</summary>
    public string Name { get; }

    /// <summary>Columns, keys and constraints in order.</summary>
    public IReadOnlyList<CreateTableElement> Elements { get; }

    /// <summary>Index of the first token after the closing parenthesis of the elements.</summary>
    public int TailStart { get; }

    /// <summary>Parses a statement.</summary>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>: this is not such a statement.</exception>
    public static CreateTableStatement Parse(string sql)
    {
        var tokens = new SqlTokens(sql);
        int name = 2;
        if (!tokens.IsWord(0, "CREATE") || !tokens.IsWord(1, "TABLE") || !tokens.Is(name, SqlTokenKind.QuotedName) || !tokens.IsSymbol(3, '('))
        {
            throw NotUnderstood(sql);
        }

        var elements = new List<CreateTableElement>();
        int first = 4;
        int depth = 1;
        for (int i = first; i < tokens.Count; i++)
        {
            if (tokens.IsSymbol(i, '('))
            {
                depth++;
            }
            else if (tokens.IsSymbol(i, ')') && --depth == 0)
            {
                elements.Add(CreateTableElement.Create(tokens, first, i));
                return new CreateTableStatement(tokens, tokens.Name(name), elements, i + 1);
            }
            else if (depth == 1 && tokens.IsSymbol(i, ','))
            {
                elements.Add(CreateTableElement.Create(tokens, first, i));
                first = i + 1;
            }
        }

        throw NotUnderstood(sql);
    }

    /// <summary>The foreign keys among the elements.</summary>
    /// <param name="database">Database of the table: the parent's when the clause names none.</param>
    public IReadOnlyList<ForeignKeyDefinition> ReadForeignKeys(string database) =>
        [.. Elements.Where(e => e.IsForeignKey).Select(e => ForeignKeyClause.Read(Tokens, e, database))];

    /// <summary>The indexes among the elements, in order.</summary>
    public IReadOnlyList<IndexElement> ReadIndexes() => [.. Elements.Select(e => IndexElement.Read(Tokens, e)).OfType<IndexElement>()];

    /// <summary>The next AUTO_INCREMENT value; 1 when none is printed, which is where a new table begins.</summary>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>: it is no number.</exception>
    public ulong ReadAutoIncrement()
    {
        for (int i = TailStart; i < Tokens.Count; i++)
        {
            if (Tokens.IsWord(i, "AUTO_INCREMENT") && Tokens.IsSymbol(i + 1, '='))
            {
                return Tokens.Is(i + 2, SqlTokenKind.Literal) && ulong.TryParse(Tokens.Span(i + 2), NumberStyles.None, CultureInfo.InvariantCulture, out ulong next) ? next : throw NotUnderstood(Tokens.Sql);
            }
        }

        return 1;
    }

    private static DtsMigrateException NotUnderstood(string sql) =>
        new("SqlNotUnderstood", $"This is not the CREATE TABLE statement that was expected: {sql[..Math.Min(sql.Length, 200)]}");
}
