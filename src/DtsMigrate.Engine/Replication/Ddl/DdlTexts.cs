using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>The destination's text of a statement, and its bytes in the character set of the source's session.</summary>
internal sealed class DdlTexts(TableCatalog catalog, IReadOnlyDictionary<int, string> collations)
{
    private readonly DdlRewriter _rewriter = new(new NameMap(catalog.ToDestination, name => catalog.SelectsDatabase(name) ? catalog.Selection.MapDatabase(name) : name)
    {
        Collation = catalog.Selection.Collations.IsEmpty ? null : catalog.Selection.Collations.Of,
        Column = catalog.Selection.Letters.Columns == Transform.LetterCase.AsIs ? null : catalog.Selection.Letters.Column,
    });

    /// <summary>The text.</summary>
    public string Rewrite(DdlStatement statement, bool withoutHints = false) => _rewriter.Rewrite(statement, withoutHints);

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
        await session.RunAsync(bytes, charset == "utf8" ? "utf8mb3" : charset, creates ? null : database, query, cancellationToken).ConfigureAwait(false);
    }
}
