namespace DtsMigrate.Engine.Sql;

/// <summary>The bits of sql_mode as the binary log has them.</summary>
internal static class SqlModeBits
{
    private const ulong AnsiQuotes = 1 << 2;
    private const ulong NoBackslashEscapes = 1 << 20;

    /// <summary>What of a session's sql_mode matters to the lexer.</summary>
    public static SqlSyntax Syntax(ulong sqlMode) =>
        ((sqlMode & AnsiQuotes) != 0 ? SqlSyntax.AnsiQuotes : SqlSyntax.Default) | ((sqlMode & NoBackslashEscapes) != 0 ? SqlSyntax.NoBackslashEscapes : SqlSyntax.Default);
}
