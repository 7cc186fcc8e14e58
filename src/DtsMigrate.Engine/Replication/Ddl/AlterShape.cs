using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Tells whether an ALTER TABLE leaves the table's columns as they are. What is not known to leave them counts as a change.</summary>
internal static class AlterShape
{
    private static readonly string[] Keys = ["INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL", "PRIMARY", "CONSTRAINT", "FOREIGN", "CHECK"];

    // Clauses and table options that change no column (MySQL manual, "ALTER TABLE Statement").
    private static readonly string[] Harmless =
    [
        "ALGORITHM", "LOCK", "FORCE", "ENABLE", "DISABLE", "WITH", "WITHOUT", "VALIDATION", "ORDER", "ENGINE", "COMMENT", "AUTO_INCREMENT", "AUTOEXTEND_SIZE", "AVG_ROW_LENGTH", "CHECKSUM", "COMPRESSION",
        "CONNECTION", "DATA", "INDEX", "DELAY_KEY_WRITE", "ENCRYPTION", "ENGINE_ATTRIBUTE", "INSERT_METHOD", "KEY_BLOCK_SIZE", "MAX_ROWS", "MIN_ROWS", "PACK_KEYS", "PASSWORD", "ROW_FORMAT",
        "SECONDARY_ENGINE", "SECONDARY_ENGINE_ATTRIBUTE", "SECONDARY_LOAD", "SECONDARY_UNLOAD", "STATS_AUTO_RECALC", "STATS_PERSISTENT", "STATS_SAMPLE_PAGES", "TABLESPACE", "UNION", "DEFAULT", "CHARACTER", "CHARSET", "COLLATE",
    ];

    private static readonly string[] Partitions = ["PARTITION", "REMOVE", "COALESCE", "REORGANIZE", "TRUNCATE", "EXCHANGE", "ANALYZE", "CHECK", "OPTIMIZE", "REBUILD", "REPAIR", "DISCARD", "IMPORT", "UPGRADE"];

    /// <summary>The statement adds, drops, renames, moves or changes columns, or may.</summary>
    /// <param name="statement">A statement on a table.</param>
    public static bool Changes(DdlStatement statement)
    {
        if (statement.Kind != DdlKind.AlterTable)
        {
            return false;
        }

        var tokens = statement.Tokens;
        for (int i = statement.Targets[0].Place.Name + 1; i < tokens.Count; i = NextClause(tokens, i))
        {
            if (tokens.IsAnyWord(i, Partitions) || (tokens.IsAnyWord(i, "ADD", "DROP") && tokens.IsWord(i + 1, "PARTITION")))
            {
                // Nothing but partitions follows.
                return false;
            }

            bool harmless = tokens.IsAnyWord(i, Harmless)
                || (tokens.IsAnyWord(i, "ADD", "DROP") && tokens.IsAnyWord(i + 1, Keys))
                || (tokens.IsWord(i, "RENAME") && tokens.IsAnyWord(i + 1, "INDEX", "KEY"))
                || tokens.IsWord(i, "ALTER");
            if (!harmless)
            {
                return true;
            }
        }

        return false;
    }

    private static int NextClause(SqlTokens tokens, int from)
    {
        int i = from;
        while (i < tokens.Count && !tokens.IsSymbol(i, ','))
        {
            i = tokens.IsSymbol(i, '(') ? tokens.Closing(i) + 1 : i + 1;
        }

        return i + 1;
    }
}
