using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>
/// Reads stored objects: names with a few queries per database, texts with one SHOW CREATE per object. The session must have no default
/// database: only then does the server print every table of a view with its database.
/// </summary>
internal sealed class StoredObjectReader
{
    private readonly MySqlSession _session;
    private readonly CatalogReader _catalog;

    private StoredObjectReader(MySqlSession session, CatalogReader catalog)
    {
        _session = session;
        _catalog = catalog;
    }

    /// <summary>How the server compares names of databases, tables and triggers.</summary>
    public StringComparer Names => _catalog.Names;

    /// <summary>Sets the session up.</summary>
    public static async Task<StoredObjectReader> OpenAsync(MySqlSession session, CancellationToken cancellationToken) =>
        new(session, await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false));

    /// <summary>Names of everything stored in a database besides its tables, in no special order; what the account may not see is not among them.</summary>
    public async Task<IReadOnlyList<StoredObjectName>> ListAsync(string database, CancellationToken cancellationToken)
    {
        string name = SqlText.Literal(database);
        string sql =
            $"SELECT 'View', TABLE_SCHEMA, TABLE_NAME, NULL, 0, 0 FROM information_schema.TABLES WHERE TABLE_SCHEMA={name} AND TABLE_TYPE='VIEW'"
            + $" UNION ALL SELECT ROUTINE_TYPE, ROUTINE_SCHEMA, ROUTINE_NAME, NULL, 0, 0 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA={name}"
            + $" UNION ALL SELECT 'Event', EVENT_SCHEMA, EVENT_NAME, STATUS, 0, UNIX_TIMESTAMP(CREATED) FROM information_schema.EVENTS WHERE EVENT_SCHEMA={name}"
            + $" UNION ALL SELECT 'Trigger', TRIGGER_SCHEMA, TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_ORDER, 0 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA={name}";
        if (_session.ServerVersion.IsAtLeast(9, 2))
        {
            sql += $" UNION ALL SELECT 'Library', LIBRARY_SCHEMA, LIBRARY_NAME, NULL, 0, 0 FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA={name}";
        }

        var rows = await _session.QueryRowsAsync(sql, cancellationToken).ConfigureAwait(false);

        // information_schema compares names without case whatever the server does.
        return [.. rows.Where(r => Names.Equals(r.GetString(1), database)).Select(r => new StoredObjectName(
            Enum.Parse<StoredObjectKind>(r.GetString(0), ignoreCase: true),
            new QualifiedName(database, r.GetString(2)),
            r.GetStringOrNull(3),
            (int)r.GetInt64(4),
            r.IsNull(5) ? 0 : (long)double.Parse(r.GetString(5), System.Globalization.CultureInfo.InvariantCulture)))];
    }

    /// <summary>One object; null when it does not exist any more.</summary>
    /// <exception cref="DtsMigrateException">
    /// Code <c>DefinitionHidden</c>: it is there and the account may not read its text. <c>CharacterLost</c>: its text cannot be read whole.
    /// </exception>
    public async Task<StoredObject?> ReadAsync(StoredObjectName name, CancellationToken cancellationToken)
    {
        TextRow row;
        try
        {
            row = (await _session.QueryRowsAsync($"SHOW CREATE {Word(name.Kind)} {name.Name.ToSql()}", cancellationToken).ConfigureAwait(false))[0];
        }
        catch (MySqlServerException e) when (IsMissing(e.Errno))
        {
            return null;
        }

        int text = name.Kind switch { StoredObjectKind.View => 1, StoredObjectKind.Event => 3, _ => 2 };
        if (row.IsNull(text))
        {
            throw new DtsMigrateException("DefinitionHidden", $"The account may not read the text of {name}.")
            {
                Target = name.Name.ToString(),
                RecommendedAction = "Grant it SHOW_ROUTINE on *.* (8.0.20 and later), or SELECT on *.*.",
            };
        }

        await RequireWholeTextAsync(name, row, text, cancellationToken).ConfigureAwait(false);
        bool hasMode = name.Kind != StoredObjectKind.View;
        bool hasCharsets = name.Kind != StoredObjectKind.Library;
        return new StoredObject
        {
            Kind = name.Kind,
            Name = name.Name,
            CreateSql = row.GetString(text),
            SqlMode = hasMode ? row.GetString(1) : string.Empty,
            ClientCharset = hasCharsets ? row.GetString(text + 1) : null,
            ConnectionCollation = hasCharsets ? row.GetString(text + 2) : null,
            DatabaseCollation = hasCharsets && hasMode ? row.GetString(text + 3) : null,
            TimeZone = name.Kind == StoredObjectKind.Event ? row.GetString(2) : null,
            Table = name is { Kind: StoredObjectKind.Trigger, Detail: { } table } ? new QualifiedName(name.Name.Database, table) : null,
            ActionOrder = name.ActionOrder,
            CreatedAt = name.CreatedAt,
            IsEnabledEvent = name is { Kind: StoredObjectKind.Event, Detail: "ENABLED" },
        };
    }

    /// <summary>
    /// Bytes that mean no character in the object's character set arrive as question marks. In no character set that a client may use is the byte 0x3F a part of another character,
    /// so that a question mark too many shows.
    /// </summary>
    private async Task RequireWholeTextAsync(StoredObjectName name, TextRow row, int text, CancellationToken cancellationToken)
    {
        if (name.Kind == StoredObjectKind.Library || row.GetString(text + 1) is "utf8mb4" or "utf8mb3" or "utf8" || !row.GetString(text).Contains('?', StringComparison.Ordinal))
        {
            return;
        }

        await _session.ExecuteAsync("SET character_set_results=NULL", cancellationToken).ConfigureAwait(false);
        var raw = (await _session.QueryRowsAsync($"SHOW CREATE {Word(name.Kind)} {name.Name.ToSql()}", cancellationToken).ConfigureAwait(false))[0];
        await _session.ExecuteAsync("SET character_set_results=utf8mb4", cancellationToken).ConfigureAwait(false);
        if (row.GetBytes(text).Count(b => b == '?') > raw.GetBytes(text).Count(b => b == '?'))
        {
            throw new DtsMigrateException("CharacterLost", $"The text of {name} has bytes that are no characters in its character set {row.GetString(text + 1)}.")
            {
                Target = name.Name.ToString(),
                RecommendedAction = "Create it anew on the source, by a client that says which character set it sends.",
            };
        }
    }

    /// <summary>The word for a kind in SQL.</summary>
    public static string Word(StoredObjectKind kind) => kind.ToString().ToUpperInvariant();

    // No such table, database, routine, trigger, event, library; "is not VIEW".
    private static bool IsMissing(int errno) => errno is 1146 or 1049 or 1305 or 1360 or 1539 or 1347 or 6422;
}
