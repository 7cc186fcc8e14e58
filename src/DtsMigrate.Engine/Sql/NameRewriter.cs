using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Sql;

/// <summary>
/// Replaces names of databases and tables in SQL text by their names on the destination. Only tokens whose name changes are touched; the rest
/// stays character for character. What has no place of a table (a column, a variable, a string, a comment) is left alone, and so are aliases and common table expressions.
/// </summary>
/// <param name="map">Names on the destination.</param>
internal sealed class NameRewriter(NameMap map)
{
    /// <summary>Rewrites the body of a view, routine, trigger or event, or any statement that queries or changes rows.</summary>
    /// <param name="sql">Text.</param>
    /// <param name="defaultDatabase">Database of names without one, as on the source. The text is to be run in the database that the map makes of it.</param>
    /// <param name="syntax">How the text reads quotes and backslashes.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code <c>SqlNotUnderstood</c>: a string, name or comment does not end.</exception>
    public string RewriteBody(string sql, string defaultDatabase, SqlSyntax syntax = SqlSyntax.Default)
    {
        var tokens = new SqlTokens(sql, syntax).WithoutComments();
        var edits = new TextEdits();
        RewriteBody(tokens, 0, tokens.Count, defaultDatabase, edits);
        return edits.Apply(sql);
    }

    /// <summary>Rewrites a part of a statement as <see cref="RewriteBody(string, string, SqlSyntax)"/> does.</summary>
    /// <param name="tokens">Tokens, from <see cref="SqlTokens.WithoutComments"/>.</param>
    /// <param name="first">First token.</param>
    /// <param name="end">Token after the last.</param>
    /// <param name="defaultDatabase">Database of names without one.</param>
    /// <param name="edits">Takes the replacements.</param>
    public void RewriteBody(SqlTokens tokens, int first, int end, string defaultDatabase, TextEdits edits)
    {
        var finder = new TableReferenceFinder(tokens, first, end, defaultDatabase);
        for (int i = first; i < end; i++)
        {
            if (finder.References.TryGetValue(i, out var reference))
            {
                // DELETE a FROM t AS a: the name is an alias that comes later.
                if (reference.Database >= 0 || !(finder.BlockOf(i).TryResolve(tokens.Name(i), out var table) && table is null))
                {
                    RewriteTable(tokens, reference, defaultDatabase, edits);
                }

                i = reference.Name;
            }
            else if (tokens.IsSymbol(i, '@'))
            {
                i = SkipVariable(tokens, i);
            }
            else if (tokens.IsName(i) && tokens.IsSymbol(i + 1, '.') && !tokens.IsSymbol(i - 1, '.'))
            {
                RewriteQualified(tokens, i, finder.BlockOf(i), edits);
                i = EndOfChain(tokens, i);
            }
        }
    }

    /// <summary>Rewrites one table's name.</summary>
    /// <param name="tokens">Tokens.</param>
    /// <param name="reference">Where the name is.</param>
    /// <param name="defaultDatabase">Database of names without one.</param>
    /// <param name="edits">Takes the replacement.</param>
    public void RewriteTable(SqlTokens tokens, TableReference reference, string defaultDatabase, TextEdits edits)
    {
        var source = new QualifiedName(reference.Database < 0 ? defaultDatabase : tokens.Name(reference.Database), tokens.Name(reference.Name));
        var target = map.Table(source);
        if (reference.Database >= 0)
        {
            Replace(tokens, reference.Database, target.Database, edits);
            Replace(tokens, reference.Name, target.Name, edits);
        }
        else if (target.Database != map.Database(defaultDatabase))
        {
            edits.Replace(tokens[reference.Name], target.ToSql());
        }
        else
        {
            Replace(tokens, reference.Name, target.Name, edits);
        }
    }

    /// <summary>Rewrites the database part of a routine's, trigger's or event's name, and nothing when it has none.</summary>
    public void RewriteObject(SqlTokens tokens, TableReference reference, TextEdits edits)
    {
        if (reference.Database >= 0)
        {
            Replace(tokens, reference.Database, map.Database(tokens.Name(reference.Database)), edits);
        }
    }

    /// <summary>Rewrites a database's name.</summary>
    public void RewriteDatabase(SqlTokens tokens, int index, TextEdits edits) => Replace(tokens, index, map.Database(tokens.Name(index)), edits);

    // a.b and a.b.c where no table is expected.
    private void RewriteQualified(SqlTokens tokens, int at, QueryBlock block, TextEdits edits)
    {
        string first = tokens.Name(at);
        bool isChain = tokens.IsSymbol(at + 3, '.') && !tokens.Is(at + 2, SqlTokenKind.Symbol);
        if (isChain)
        {
            RewriteTable(tokens, new TableReference(at, at + 2), string.Empty, edits);
        }
        else if (block.TryResolve(first, out var table))
        {
            if (table is { } known)
            {
                Replace(tokens, at, map.Table(known).Name, edits);
            }
        }
        else if (!(tokens.Is(at, SqlTokenKind.Word) && tokens.IsAnyWord(at, "NEW", "OLD")) && !tokens.Is(at + 2, SqlTokenKind.Symbol))
        {
            // Nothing in scope has this name, so it is a database: a routine's, or a table's at a place that is not known to take one.
            if (tokens.IsSymbol(at + 3, '(') || tokens.IsWord(at - 1, "CALL"))
            {
                RewriteObject(tokens, new TableReference(at, at + 2), edits);
            }
            else
            {
                RewriteTable(tokens, new TableReference(at, at + 2), string.Empty, edits);
            }
        }
    }

    private static int EndOfChain(SqlTokens tokens, int at)
    {
        while (tokens.IsSymbol(at + 1, '.') && at + 2 < tokens.Count)
        {
            at += 2;
        }

        return at;
    }

    // @name, @@global.name, 'user'@'host'.
    private static int SkipVariable(SqlTokens tokens, int at)
    {
        while (tokens.IsSymbol(at + 1, '@'))
        {
            at++;
        }

        return EndOfChain(tokens, at + 1);
    }

    private static void Replace(SqlTokens tokens, int index, string name, TextEdits edits)
    {
        if (tokens.Name(index) != name)
        {
            edits.Replace(tokens[index], SqlText.Name(name));
        }
    }
}
