using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>The destination's text of a statement, and its bytes in the character set of the source's session.</summary>
internal sealed class DdlTexts(TableCatalog catalog, DefinerMode definer, IReadOnlyDictionary<int, string> collations)
{
    private readonly DdlRewriter _rewriter = new(Map(catalog));

    private readonly StoredObjectRewriter _objects = new(StoredObjectRewriter.Names(catalog.Selection), definer, catalog.Selection.Collations);

    /// <summary>
    /// The text for a view, routine, trigger, event or library. One that creates it has the form of schema migration, with the task's definer mode, triggers guarded and events disabled; a
    /// view takes the place of another one, so that whoever runs it twice gets the same.
    /// </summary>
    public string RewriteObject(DdlSource source)
    {
        var statement = source.Statement;
        if (statement.Kind is DdlKind.CreateView or DdlKind.AlterView or DdlKind.CreateProcedure or DdlKind.CreateFunction or DdlKind.CreateTrigger or DdlKind.CreateEvent or DdlKind.CreateLibrary)
        {
            var edits = new TextEdits();
            if (statement.Kind == DdlKind.AlterView || (statement.Kind == DdlKind.CreateView && !statement.IfNotExists && !statement.Tokens.IsWord(1, "OR")))
            {
                edits.Replace(statement.Tokens[0], "CREATE OR REPLACE");
            }

            // A packet of several statements is logged with what parts them, which no body has room for.
            if (statement.Tokens.IsSymbol(statement.Tokens.Count - 1, ';'))
            {
                edits.Replace(statement.Tokens[statement.Tokens.Count - 1], string.Empty);
            }

            return _objects.Rewrite(edits.Apply(statement.Tokens.Sql), SqlModeBits.Syntax(source.Query.Context.SqlMode ?? 0), statement.DefaultDatabase, StoredObjectForm.Interim);
        }

        return _rewriter.Rewrite(statement, definer: definer);
    }

    /// <summary>The text.</summary>
    public string Rewrite(DdlStatement statement, bool withoutHints = false) => _rewriter.Rewrite(statement, withoutHints);

    /// <summary>The text, with another table of the destination in place of one that the task has no name for.</summary>
    /// <param name="statement">Statement.</param>
    /// <param name="special">How names compare, the table of the source, and the table of the destination.</param>
    /// <param name="withoutHints">Leave ALGORITHM and LOCK clauses out.</param>
    public string RewriteOn(DdlStatement statement, (StringComparer Names, QualifiedName Of, QualifiedName On) special, bool withoutHints = false)
    {
        var map = Map(catalog);
        return new DdlRewriter(map with { Table = n => special.Names.Equals(n.Database, special.Of.Database) && special.Names.Equals(n.Name, special.Of.Name) ? special.On : map.Table(n) }).Rewrite(statement, withoutHints);
    }

    /// <summary>Runs a text in the context of its event.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code <c>DdlNotExact</c>: its bytes cannot be told.</exception>
    public async Task RunAsync(DdlSession session, DdlSource source, string text, CancellationToken cancellationToken)
    {
        QueryEvent query = source.Query;
        if (StatementText.Encode(query, collations, text, out string? charset) is not { } bytes || charset is null)
        {
            throw ReplicationErrors.DdlNotExact(query.Database, text, query.End, "its bytes do not map to characters and back in the character set of its session");
        }

        string? database = query.Database.Length > 0 && catalog.SelectsDatabase(query.Database) ? catalog.Selection.MapDatabase(query.Database) : null;
        bool creates = source.Statement.DatabaseToken >= 0;
        bool keepsZone = source.Statement.Kind is DdlKind.CreateEvent or DdlKind.AlterEvent;
        await session.RunAsync(bytes, charset == "utf8" ? "utf8mb3" : charset, creates ? null : database, query, keepsZone, cancellationToken).ConfigureAwait(false);
    }

    private static NameMap Map(TableCatalog catalog) => new(catalog.ToDestination, name => catalog.SelectsDatabase(name) ? catalog.Selection.MapDatabase(name) : name)
    {
        Collation = catalog.Selection.Collations.IsEmpty ? null : catalog.Selection.Collations.Of,
        Column = catalog.Selection.Letters.Columns == Transform.LetterCase.AsIs ? null : catalog.Selection.Letters.Column,
    };
}
