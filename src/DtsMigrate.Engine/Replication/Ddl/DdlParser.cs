using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Takes DDL statements apart. What it does not know it does not guess: the result is null.</summary>
internal static class DdlParser
{
    /// <summary>Parses a statement.</summary>
    /// <param name="sql">Text.</param>
    /// <param name="defaultDatabase">Default database of its session; empty for none.</param>
    /// <param name="syntax">How the session reads quotes and backslashes.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code <c>SqlNotUnderstood</c>: a string, name or comment does not end.</exception>
    public static DdlStatement? Parse(string sql, string defaultDatabase, SqlSyntax syntax)
    {
        var cursor = new TokenCursor(new SqlTokens(sql, syntax).WithoutComments(), defaultDatabase);
        return cursor.Skip("CREATE") ? Create(cursor)
            : cursor.Skip("ALTER") ? Alter(cursor)
            : cursor.Skip("DROP") ? Drop(cursor)
            : cursor.Skip("RENAME", "TABLE") || cursor.Skip("RENAME", "TABLES") ? Rename(cursor)
            : cursor.Skip("TRUNCATE") ? Truncate(cursor)
            : null;
    }

    /// <summary>Reads a table's name with its place.</summary>
    internal static NamedPlace? TakePlace(TokenCursor cursor)
    {
        int at = cursor.At;
        if (cursor.TakeTable() is not { } name)
        {
            return null;
        }

        int last = cursor.At - 1;
        return new NamedPlace(name, new TableReference(last - at == 2 ? at : -1, last));
    }

    private static DdlStatement? Create(TokenCursor cursor)
    {
        cursor.Skip("OR", "REPLACE");
        if (cursor.Skip("TABLE"))
        {
            return TableParser.Create(cursor);
        }

        if (cursor.Skip("DATABASE") || cursor.Skip("SCHEMA"))
        {
            return Database(cursor, DdlKind.CreateDatabase, cursor.Skip("IF", "NOT", "EXISTS"));
        }

        int start = cursor.At;
        cursor.SkipAny("UNIQUE", "FULLTEXT", "SPATIAL");
        return cursor.Skip("INDEX") ? Index(cursor, DdlKind.CreateIndex) : ObjectParser.Parse(cursor, start, "Create");
    }

    private static DdlStatement? Alter(TokenCursor cursor)
    {
        cursor.SkipAny("ONLINE", "IGNORE");
        return cursor.Skip("TABLE") ? TableParser.Alter(cursor)
            : cursor.Skip("DATABASE") || cursor.Skip("SCHEMA") ? Database(cursor, DdlKind.AlterDatabase, false)
            : ObjectParser.Parse(cursor, cursor.At, "Alter");
    }

    private static DdlStatement? Drop(TokenCursor cursor)
    {
        if (cursor.Skip("TABLE") || cursor.Skip("TABLES"))
        {
            cursor.Skip("IF", "EXISTS");
            return List(cursor, new DdlStatement(DdlKind.DropTable, cursor.Tokens, cursor.DefaultDatabase));
        }

        if (cursor.Skip("DATABASE") || cursor.Skip("SCHEMA"))
        {
            cursor.Skip("IF", "EXISTS");
            return Database(cursor, DdlKind.DropDatabase, false);
        }

        cursor.SkipAny("ONLINE", "OFFLINE");
        return cursor.Skip("INDEX") ? Index(cursor, DdlKind.DropIndex) : ObjectParser.Parse(cursor, cursor.At, "Drop");
    }

    private static DdlStatement? Rename(TokenCursor cursor)
    {
        var statement = new DdlStatement(DdlKind.RenameTable, cursor.Tokens, cursor.DefaultDatabase);
        do
        {
            if (TakePlace(cursor) is not { } from || !cursor.Skip("TO") || TakePlace(cursor) is not { } to)
            {
                return null;
            }

            statement.Renames.Add((from, to));
        }
        while (cursor.SkipSymbol(','));
        return statement;
    }

    private static DdlStatement? Truncate(TokenCursor cursor)
    {
        cursor.Skip("TABLE");
        return One(cursor, new DdlStatement(DdlKind.TruncateTable, cursor.Tokens, cursor.DefaultDatabase));
    }

    private static DdlStatement? Index(TokenCursor cursor, DdlKind kind)
    {
        var statement = new DdlStatement(kind, cursor.Tokens, cursor.DefaultDatabase);
        if (!cursor.SeekPast("ON"))
        {
            return null;
        }

        var result = One(cursor, statement);
        TableParser.FindHints(cursor.Tokens, cursor.At, statement);
        return result;
    }

    private static DdlStatement? One(TokenCursor cursor, DdlStatement statement)
    {
        if (TakePlace(cursor) is not { } table)
        {
            return null;
        }

        statement.Targets.Add(table);
        return statement;
    }

    private static DdlStatement? List(TokenCursor cursor, DdlStatement statement)
    {
        do
        {
            if (One(cursor, statement) is null)
            {
                return null;
            }
        }
        while (cursor.SkipSymbol(','));
        return statement;
    }

    private static DdlStatement? Database(TokenCursor cursor, DdlKind kind, bool ifNotExists) => !cursor.Peek().IsName
        ? null
        : new DdlStatement(kind, cursor.Tokens, cursor.DefaultDatabase) { DatabaseToken = cursor.At, IfNotExists = ifNotExists };
}
