using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>The data type after RETURNS (MySQL manual, "CREATE FUNCTION"): where it ends decides where a function's characteristics begin.</summary>
internal static class ReturnType
{
    private static readonly string[] Words =
    [
        "PRECISION", "VARYING", "UNSIGNED", "SIGNED", "ZEROFILL", "BINARY", "ASCII", "UNICODE", "BYTE", "LONG",
        "CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER", "VARBINARY", "NCHAR",
    ];

    /// <summary>Index of the first token after the type that begins at a token.</summary>
    public static int End(SqlTokens tokens, int at)
    {
        at++;
        while (at < tokens.Count)
        {
            if (tokens.IsSymbol(at, '('))
            {
                at = tokens.Closing(at) + 1;
            }
            else if (tokens.IsAnyWord(at, "CHARACTER", "CHAR") && tokens.IsWord(at + 1, "SET"))
            {
                at += 3;
            }
            else if (tokens.IsAnyWord(at, "CHARSET", "COLLATE", "SRID"))
            {
                at += 2;
            }
            else if (tokens.IsAnyWord(at, Words))
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at;
    }
}
