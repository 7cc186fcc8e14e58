using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// Tells what a statement of the binary log is and which tables and databases it names, from its tokens. What it does not know is
/// <see cref="StatementKind.Unknown"/>, never guessed.
/// </summary>
internal static class StatementClassifier
{
    private static readonly ClassifiedStatement Unknown = new(StatementKind.Unknown);
    private static readonly ClassifiedStatement Other = new(StatementKind.Other);

    /// <summary>Classifies a statement.</summary>
    /// <param name="sql">Text.</param>
    /// <param name="defaultDatabase">Default database of its session; empty for none.</param>
    /// <param name="sqlMode">sql_mode bits of its session.</param>
    public static ClassifiedStatement Classify(string sql, string defaultDatabase, ulong sqlMode)
    {
        SqlTokens tokens;
        try
        {
            tokens = new SqlTokens(sql, SqlModeBits.Syntax(sqlMode)).WithoutComments();
        }
        catch (DtsMigrateException e) when (e.Code == "SqlNotUnderstood")
        {
            return Unknown;
        }

        if (tokens.Count == 0)
        {
            return Unknown;
        }

        var cursor = new TokenCursor(tokens, defaultDatabase);
        var verb = cursor.Take();
        return verb.Kind != SqlTokenKind.Word ? verb.IsSymbol('(') ? Dml(tokens, defaultDatabase) : Unknown : verb.Text.ToUpperInvariant() switch
        {
            "BEGIN" => new ClassifiedStatement(StatementKind.Begin),
            "START" when cursor.Skip("TRANSACTION") => new ClassifiedStatement(StatementKind.Begin),
            "COMMIT" => new ClassifiedStatement(StatementKind.Commit),
            "ROLLBACK" => new ClassifiedStatement(cursor.AtEnd ? StatementKind.Rollback : StatementKind.RollbackToSavepoint),
            "SAVEPOINT" => new ClassifiedStatement(StatementKind.Savepoint),
            "RELEASE" => new ClassifiedStatement(StatementKind.Savepoint),
            "XA" => Xa(cursor),
            "CREATE" => CreateStatement.Classify(cursor),
            "ALTER" => AlterStatement.Classify(cursor),
            "DROP" => DropStatement.Classify(cursor),
            "RENAME" => Rename(cursor),
            "TRUNCATE" => Truncate(cursor),
            "INSERT" or "UPDATE" or "DELETE" or "REPLACE" or "LOAD" or "WITH" or "CALL" or "SELECT" or "DO" or "HANDLER" => Dml(tokens, defaultDatabase),
            "ANALYZE" or "OPTIMIZE" or "REPAIR" or "CHECK" or "CHECKSUM" or "FLUSH" or "CACHE" or "RESET" or "KILL"
                or "GRANT" or "REVOKE" or "INSTALL" or "UNINSTALL" or "SET" or "PURGE" or "SHUTDOWN" or "RESTART" or "CLONE" or "LOCK" or "UNLOCK" => Other,
            "IMPORT" => Unknown,
            _ => Unknown,
        };
    }

    /// <summary>A statement about tables; unknown when a name could not be read.</summary>
    public static ClassifiedStatement OfTables(params IReadOnlyList<QualifiedName?> tables) =>
        tables.Count == 0 || tables.Any(t => t is null)
            ? Unknown
            : new ClassifiedStatement(StatementKind.TableDdl) { Tables = [.. tables.Select(t => t!.Value)] };

    private static ClassifiedStatement Xa(TokenCursor cursor)
    {
        var verb = cursor.Take();
        var xid = new System.Text.StringBuilder();
        while (!cursor.AtEnd && !cursor.Peek().Is("ONE"))
        {
            // X'6162',X'',1
            xid.Append(cursor.Take().Text);
        }

        StatementKind? kind = verb.Text.ToUpperInvariant() switch
        {
            "START" or "BEGIN" => StatementKind.XaStart,
            "END" => StatementKind.XaEnd,
            "COMMIT" => StatementKind.XaCommit,
            "ROLLBACK" => StatementKind.XaRollback,
            _ => null,
        };
        return kind is { } known ? new ClassifiedStatement(known) { Xid = xid.ToString() } : Unknown;
    }

    private static ClassifiedStatement Rename(TokenCursor cursor)
    {
        if (cursor.Skip("USER"))
        {
            return Other;
        }

        if (!cursor.Skip("TABLE") && !cursor.Skip("TABLES"))
        {
            return Unknown;
        }

        var tables = new List<QualifiedName?>();
        do
        {
            tables.Add(cursor.TakeTable());
            tables.Add(cursor.Skip("TO") ? cursor.TakeTable() : null);
        }
        while (cursor.SkipSymbol(','));
        return OfTables(tables);
    }

    private static ClassifiedStatement Truncate(TokenCursor cursor)
    {
        cursor.Skip("TABLE");
        return OfTables(cursor.TakeTable());
    }

    // Every name in the text counts, qualified or not: too many at worst, so that a change of a selected table is never overlooked.
    private static ClassifiedStatement Dml(SqlTokens tokens, string defaultDatabase)
    {
        var tables = new HashSet<QualifiedName>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (!tokens.IsName(i))
            {
                continue;
            }

            bool isQualified = i >= 2 && tokens.IsSymbol(i - 1, '.') && !tokens.Is(i - 2, SqlTokenKind.Symbol);
            if (!isQualified)
            {
                tables.Add(new QualifiedName(defaultDatabase, tokens.Name(i)));
            }

            if (i + 2 < tokens.Count && tokens.IsSymbol(i + 1, '.') && !tokens.Is(i + 2, SqlTokenKind.Symbol))
            {
                tables.Add(new QualifiedName(tokens.Name(i), tokens.Name(i + 2)));
            }
        }

        return new ClassifiedStatement(StatementKind.Dml) { Tables = [.. tables] };
    }
}
