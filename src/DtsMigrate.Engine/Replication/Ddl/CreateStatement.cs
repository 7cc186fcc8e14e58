using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>CREATE ...</summary>
internal static class CreateStatement
{
    /// <summary>Classifies the statement after its verb.</summary>
    public static ClassifiedStatement Classify(TokenCursor cursor)
    {
        cursor.Skip("OR", "REPLACE");
        if (cursor.Skip("TEMPORARY"))
        {
            return new ClassifiedStatement(StatementKind.Other);
        }

        if (cursor.Skip("TABLE"))
        {
            bool ifNotExists = cursor.Skip("IF", "NOT", "EXISTS");
            var tokens = cursor.Tokens;
            bool rowsFollow = tokens.IsWord(tokens.Count - 2, "START") && tokens.IsWord(tokens.Count - 1, "TRANSACTION");
            return StatementClassifier.OfTables(cursor.TakeTable()) with { IfNotExists = ifNotExists, RowsFollow = rowsFollow };
        }

        if (cursor.Skip("DATABASE") || cursor.Skip("SCHEMA"))
        {
            bool ifNotExists = cursor.Skip("IF", "NOT", "EXISTS");
            return cursor.Peek().IsName
                ? new ClassifiedStatement(StatementKind.DatabaseDdl) { Database = cursor.Take().Text, IfNotExists = ifNotExists }
                : new ClassifiedStatement(StatementKind.Unknown);
        }

        cursor.SkipAny("UNIQUE", "FULLTEXT", "SPATIAL");
        if (cursor.Skip("INDEX"))
        {
            return cursor.SeekPast("ON") ? StatementClassifier.OfTables(cursor.TakeTable()) : new ClassifiedStatement(StatementKind.Unknown);
        }

        return ObjectKind.Classify(cursor);
    }
}
