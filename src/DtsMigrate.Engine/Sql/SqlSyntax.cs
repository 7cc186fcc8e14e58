namespace DtsMigrate.Engine.Sql;

/// <summary>The parts of sql_mode that change how text is cut into tokens (MySQL manual, "Server SQL Modes").</summary>
[Flags]
internal enum SqlSyntax
{
    /// <summary>The server's own: double quotes make strings, a backslash escapes.</summary>
    Default = 0,

    /// <summary>Double quotes make names.</summary>
    AnsiQuotes = 1,

    /// <summary>A backslash is a character like any other.</summary>
    NoBackslashEscapes = 2,
}
