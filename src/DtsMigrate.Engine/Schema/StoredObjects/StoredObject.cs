using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>A view, routine, library, trigger or event with everything that its server keeps of it.</summary>
public sealed record StoredObject
{
    /// <summary>Kind.</summary>
    public required StoredObjectKind Kind { get; init; }

    /// <summary>Name, as the server stores it.</summary>
    public required QualifiedName Name { get; init; }

    /// <summary>What SHOW CREATE prints.</summary>
    public required string CreateSql { get; init; }

    /// <summary>sql_mode under which it was created and runs; empty for views, whose text is printed for the default mode.</summary>
    public string SqlMode { get; init; } = string.Empty;

    /// <summary>character_set_client of its creation: how the bytes of its text are read. Null for libraries.</summary>
    public string? ClientCharset { get; init; }

    /// <summary>collation_connection of its creation: collation of its literals. Null for libraries.</summary>
    public string? ConnectionCollation { get; init; }

    /// <summary>Collation of its database at its creation: that of its parameters and variables. Null for views and libraries.</summary>
    public string? DatabaseCollation { get; init; }

    /// <summary>Time zone of an event's schedule, else null.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Table of a trigger, else null.</summary>
    public QualifiedName? Table { get; init; }

    /// <summary>Place among the triggers of its table that fire at the same time, from 1; 0 for other kinds.</summary>
    public int ActionOrder { get; init; }

    /// <summary>Second of creation of an event (Unix time), else 0. A schedule that has ended since is legal only as of then.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Event that the scheduler runs.</summary>
    public bool IsEnabledEvent { get; init; }

    /// <summary>How its text is cut into tokens.</summary>
    internal SqlSyntax Syntax => SyntaxOf(SqlMode);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}";

    /// <summary>What of a printed sql_mode matters to the lexer.</summary>
    internal static SqlSyntax SyntaxOf(string sqlMode)
    {
        string[] modes = sqlMode.Split(',');
        return (modes.Contains("ANSI_QUOTES") ? SqlSyntax.AnsiQuotes : SqlSyntax.Default)
            | (modes.Contains("NO_BACKSLASH_ESCAPES") ? SqlSyntax.NoBackslashEscapes : SqlSyntax.Default);
    }
}
