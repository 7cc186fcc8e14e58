using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Makes the destination's statement of the source's: names by the mapping, nothing that belongs to the source's host. All else stays character for character.</summary>
internal sealed class DdlRewriter(NameMap map)
{
    private readonly NameRewriter _names = new(map);

    /// <summary>The statement for the destination, to be run in the database that the session's default database is mapped to.</summary>
    /// <param name="statement">Statement.</param>
    /// <param name="withoutHints">Leave ALGORITHM and LOCK clauses out.</param>
    /// <param name="definer">Whose rights objects have: what ALTER says about them stays or not.</param>
    public string Rewrite(DdlStatement statement, bool withoutHints = false, DefinerMode definer = DefinerMode.Destination)
    {
        var tokens = statement.Tokens;
        var edits = new TextEdits();
        bool keepsDefiner = definer == DefinerMode.Keep && IsObject(statement.Kind);
        foreach (var (first, last) in keepsDefiner ? [] : withoutHints ? statement.LeftOut.Concat(statement.Hints) : statement.LeftOut)
        {
            LeaveOut(tokens, first, last, edits);
        }

        if (map.Collation is { } collations)
        {
            CollationNames.Rewrite(tokens, 0, collations, edits);
        }

        if (statement.DatabaseToken >= 0)
        {
            _names.RewriteDatabase(tokens, statement.DatabaseToken, edits);
            return edits.Apply(tokens.Sql);
        }

        foreach (var place in statement.Targets.Concat(statement.Renames.Select(r => r.From)).Concat(statement.Renames.Select(r => r.To)).Concat(statement.Model is { } model ? [model] : []))
        {
            Rename(statement, place, edits);
        }

        if (map.Column is { } columns)
        {
            foreach (int token in ColumnPlaces.Find(statement).Where(t => columns(tokens.Name(t)) != tokens.Name(t)))
            {
                edits.Replace(tokens[token], SqlText.Name(columns(tokens.Name(token))));
            }
        }

        foreach (var parent in statement.Mentions)
        {
            _names.RewriteTable(tokens, parent.Place, parent.Name.Database, edits);
        }

        if (IsObject(statement.Kind))
        {
            int body = statement.Targets[^1].Place.Name + 1;
            _names.RewriteBody(tokens, body, tokens.Count, statement.Targets[0].Name.Database, edits);
            if (!keepsDefiner && statement.Kind is DdlKind.AlterProcedure or DdlKind.AlterFunction)
            {
                SetInvoker(tokens, body, edits);
            }

            Complete(statement, body, edits);
        }

        return edits.Apply(tokens.Sql);
    }

    /// <summary>Views, routines, triggers, events, libraries.</summary>
    public static bool IsObject(DdlKind kind) => kind >= DdlKind.CreateView;

    private void Rename(DdlStatement statement, NamedPlace place, TextEdits edits)
    {
        if (statement.Kind is DdlKind.CreateView or DdlKind.AlterView or DdlKind.DropView || !IsObject(statement.Kind))
        {
            _names.RewriteTable(statement.Tokens, place.Place, statement.DefaultDatabase, edits);
        }
        else
        {
            _names.RewriteObject(statement.Tokens, place.Place, edits);
        }
    }

    private static void SetInvoker(SqlTokens tokens, int body, TextEdits edits)
    {
        for (int i = body; i < tokens.Count; i++)
        {
            if (tokens.IsWord(i, "SQL") && tokens.IsWord(i + 1, "SECURITY") && tokens.IsWord(i + 2, "DEFINER"))
            {
                edits.Replace(tokens[i + 2], "INVOKER");
            }
        }
    }

    // Whoever runs it twice, after a crash, must get the same; and an event must not fire on the destination while rows come from the source.
    private static void Complete(DdlStatement statement, int body, TextEdits edits)
    {
        var tokens = statement.Tokens;
        if (statement.Kind == DdlKind.CreateView && !statement.IfNotExists && !tokens.IsWord(1, "OR"))
        {
            edits.Replace(tokens[0].End, 0, " OR REPLACE");
        }
        else if (statement.Kind is DdlKind.CreateEvent or DdlKind.AlterEvent)
        {
            Disable(statement, body, edits);
        }
    }

    private static void Disable(DdlStatement statement, int body, TextEdits edits)
    {
        var tokens = statement.Tokens;
        int insert = -1;
        for (int i = body; i < tokens.Count; i++)
        {
            if (tokens.IsSymbol(i, '('))
            {
                i = tokens.Closing(i);
            }
            else if (tokens.IsWord(i, "ENABLE"))
            {
                edits.Replace(tokens[i], "DISABLE");
                return;
            }
            else if (tokens.IsWord(i, "DISABLE"))
            {
                return;
            }
            else if (tokens.IsWord(i, "COMMENT") && insert < 0)
            {
                insert = i;
            }
            else if (tokens.IsWord(i, "DO"))
            {
                insert = insert < 0 ? i : insert;
                break;
            }
        }

        if (statement.Kind == DdlKind.CreateEvent && insert >= 0)
        {
            edits.Replace(tokens[insert].Start, 0, "DISABLE ");
        }
    }

    private static void LeaveOut(SqlTokens tokens, int first, int last, TextEdits edits)
    {
        int end = Math.Min(last, tokens.Count - 1);
        edits.Replace(tokens[first].Start, tokens[end].End - tokens[first].Start, string.Empty);
    }
}
