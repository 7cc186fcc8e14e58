namespace DtsMigrate.Engine.Sql;

/// <summary>Kind of a token of SQL text.</summary>
internal enum SqlTokenKind
{
    /// <summary>A keyword, a bare name or the introducer of a string (<c>_latin1</c>).</summary>
    Word,

    /// <summary>A name in back-ticks, or in double quotes under ANSI_QUOTES.</summary>
    QuotedName,

    /// <summary>A string in single quotes, in double quotes without ANSI_QUOTES, or in dollar quotes after AS.</summary>
    Text,

    /// <summary>A number, <c>0x1F</c>, <c>X'1F'</c>, <c>0b1</c>, <c>B'1'</c>, <c>N'a'</c>.</summary>
    Literal,

    /// <summary>One punctuation character.</summary>
    Symbol,

    /// <summary><c>/*!</c> with its version, for example <c>/*!50100</c>: what follows is SQL.</summary>
    VersionCommentStart,

    /// <summary>The end of a version comment.</summary>
    VersionCommentEnd,

    /// <summary>A comment that the server ignores, optimizer hints included.</summary>
    Comment,
}
