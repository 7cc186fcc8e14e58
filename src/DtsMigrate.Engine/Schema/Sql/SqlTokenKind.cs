namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>Kind of a token of SQL text.</summary>
internal enum SqlTokenKind
{
    /// <summary>A keyword, a bare name or a number.</summary>
    Word,

    /// <summary>A name in back-ticks.</summary>
    QuotedName,

    /// <summary>A string in single or double quotes.</summary>
    Text,

    /// <summary>One punctuation character.</summary>
    Symbol,

    /// <summary><c>/*!</c> with its version, for example <c>/*!50100</c>: what follows is SQL.</summary>
    VersionCommentStart,

    /// <summary>The end of a version comment.</summary>
    VersionCommentEnd,

    /// <summary>A comment that the server ignores.</summary>
    Comment,
}
