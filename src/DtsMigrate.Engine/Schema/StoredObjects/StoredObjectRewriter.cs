using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>
/// Turns CREATE statements of views, routines, libraries, triggers and events into those of the destination: names mapped wherever they stand, definer and SQL SECURITY as
/// the task says. The rest stays character for character, except that the head of a trigger takes the form that servers from 8.0 on print.
/// </summary>
/// <param name="names">Names on the destination.</param>
/// <param name="definer">Whose rights the objects have there.</param>
/// <param name="collations">Collations there.</param>
internal sealed class StoredObjectRewriter(NameMap names, DefinerMode definer, CollationMap collations)
{
    private readonly NameRewriter _bodies = new(names);

    /// <summary>Rewrites an object as its server keeps it.</summary>
    /// <returns>The object under its name on the destination, with the statement that creates it there.</returns>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>.</exception>
    public StoredObject Rewrite(StoredObject source, StoredObjectForm form) => source with
    {
        Name = MapName(source.Kind, source.Name),
        Table = source.Table is { } table ? names.Table(table) : null,
        ConnectionCollation = source.ConnectionCollation is { } connection ? collations.Of(connection) : null,
        DatabaseCollation = source.DatabaseCollation is { } database ? collations.Of(database) : null,
        CreateSql = Rewrite(source.CreateSql, source.Syntax, source.Name.Database, form),
    };

    /// <summary>Rewrites a statement, as printed by SHOW CREATE or written by a user.</summary>
    /// <param name="sql">CREATE of a view, routine, library, trigger or event.</param>
    /// <param name="syntax">How its session reads quotes and backslashes.</param>
    /// <param name="defaultDatabase">Database on the source of names without one. The result is to be run with the mapped one as default database.</param>
    /// <param name="form">Triggers guarded and events disabled, or not.</param>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>.</exception>
    public string Rewrite(string sql, SqlSyntax syntax, string defaultDatabase, StoredObjectForm form)
    {
        sql = collations.IsEmpty ? sql : CollationNames.Rewrite(sql, syntax, collations.Of);
        var statement = StoredStatement.Parse(sql, syntax);
        var name = ReadName(statement.Text(statement.Name), syntax, defaultDatabase);

        // Names without a database in a body belong to the object's own one, except in a view: there they belong to the session's.
        string bodyDatabase = statement.Kind == StoredObjectKind.View ? defaultDatabase : name.Database;
        string body = statement.Kind == StoredObjectKind.Library ? sql[statement.Body..] : _bodies.RewriteBody(sql[statement.Body..], bodyDatabase, syntax);
        if (statement.Kind == StoredObjectKind.Trigger)
        {
            var table = names.Table(ReadName(statement.Text(statement.TriggerTable), syntax, name.Database));
            string by = definer == DefinerMode.Keep ? statement.Text(statement.Definer) : string.Empty;
            body = WithoutEnd(body, syntax);
            string guarded = form == StoredObjectForm.Interim ? TriggerGuard.Add(body) : body;
            return $"CREATE {by}TRIGGER {MapName(statement.Kind, name).ToSql()} {statement.TriggerMoment} ON {table.ToSql()} FOR EACH ROW {guarded}";
        }

        var edits = new TextEdits();
        Replace(edits, statement.Name, MapName(statement.Kind, name).ToSql());
        if (definer == DefinerMode.Destination)
        {
            Replace(edits, statement.Definer, string.Empty);
            SetInvoker(statement, edits);
        }

        if (form == StoredObjectForm.Interim && statement.Kind == StoredObjectKind.Event)
        {
            bool isStated = !statement.EventState.Start.Equals(statement.EventState.End);
            string state = isStated && !statement.Text(statement.EventState).Equals("ENABLE", StringComparison.OrdinalIgnoreCase) ? statement.Text(statement.EventState) : "DISABLE";
            Replace(edits, statement.EventState, isStated ? state : state + " ");
        }

        return edits.Apply(sql, 0, statement.Body) + body;
    }

    /// <summary>The definer that a statement names, as SQL; null where it names none.</summary>
    public static string? DefinerOf(string sql, SqlSyntax syntax)
    {
        var statement = StoredStatement.Parse(sql, syntax);
        string clause = statement.Text(statement.Definer).TrimEnd();
        return clause.Length == 0 ? null : clause[(clause.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();
    }

    /// <summary>The rewriter under whose hands names and definers stay: brings what a destination prints into the form of <see cref="Rewrite(StoredObject, StoredObjectForm)"/>.</summary>
    public static StoredObjectRewriter Identity(DefinerMode definer) => new(new NameMap(static table => table, static database => database), definer, CollationMap.None);

    /// <summary>The names of a task's objects.</summary>
    public static NameMap Names(ObjectSelection selection) => new(
        selection.MapReference,
        database => selection.SelectsDatabase(database) ? selection.MapDatabase(database) : database);

    private QualifiedName MapName(StoredObjectKind kind, QualifiedName name) => kind == StoredObjectKind.View ? names.Table(name) : names.Routine(name);

    // Triggers and events always run with their definer's rights; libraries have none.
    private static void SetInvoker(StoredStatement statement, TextEdits edits)
    {
        if (statement.Kind is StoredObjectKind.View or StoredObjectKind.Function or StoredObjectKind.Procedure)
        {
            string text = statement.HasSecurity ? "INVOKER" : statement.Kind == StoredObjectKind.View ? "SQL SECURITY INVOKER " : "\n    SQL SECURITY INVOKER";
            Replace(edits, statement.Security, text);
        }
    }

    // Of a trigger that was made in a packet of several statements, the server keeps the semicolon behind it, for which no other statement has room.
    private static string WithoutEnd(string body, SqlSyntax syntax)
    {
        var tokens = new SqlTokens(body, syntax).WithoutComments();
        return tokens.IsSymbol(tokens.Count - 1, ';') ? body[..tokens[tokens.Count - 1].Start] : body;
    }

    private static QualifiedName ReadName(string text, SqlSyntax syntax, string defaultDatabase)
    {
        var tokens = new SqlTokens(text, syntax).WithoutComments();
        return tokens.Count == 1 ? new QualifiedName(defaultDatabase, tokens.Name(0)) : new QualifiedName(tokens.Name(0), tokens.Name(2));
    }

    private static void Replace(TextEdits edits, Range part, string text)
    {
        int start = part.Start.Value;
        int length = part.End.Value - start;
        if (length > 0 || text.Length > 0)
        {
            edits.Replace(start, length, text);
        }
    }
}
