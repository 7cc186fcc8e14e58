using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>Replaces names of collations in SQL text: what follows COLLATE, in clauses and in expressions.</summary>
internal static class CollationNames
{
    /// <summary>The text with the other names.</summary>
    public static string Rewrite(string sql, SqlSyntax syntax, Func<string, string> map)
    {
        var edits = new TextEdits();
        Rewrite(new SqlTokens(sql, syntax).WithoutComments(), 0, map, edits);
        return edits.Apply(sql);
    }

    /// <summary>Adds the replacements in a part of a statement.</summary>
    public static void Rewrite(SqlTokens tokens, int first, Func<string, string> map, TextEdits edits)
    {
        for (int i = first; i < tokens.Count; i++)
        {
            int name = tokens.IsSymbol(i + 1, '=') ? i + 2 : i + 1;
            if (!tokens.IsWord(i, "COLLATE") || tokens.IsSymbol(i - 1, '.') || name >= tokens.Count)
            {
                continue;
            }

            // COLLATE x, COLLATE = x, COLLATE `x`; a string is allowed as well.
            bool isText = tokens.Is(name, SqlTokenKind.Text);
            string written = isText ? tokens.Span(name).Trim("'\"").ToString() : tokens.IsName(name) ? tokens.Name(name) : string.Empty;
            if (written.Length > 0 && map(written) is { } other && other != written)
            {
                edits.Replace(tokens[name], other);
            }
        }
    }
}
