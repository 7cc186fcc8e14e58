using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>DROP ...</summary>
internal static class DropStatement
{
    /// <summary>Classifies the statement after its verb.</summary>
    public static ClassifiedStatement Classify(TokenCursor cursor)
    {
        if (cursor.Skip("TEMPORARY"))
        {
            return new ClassifiedStatement(StatementKind.Other);
        }

        if (cursor.Skip("TABLE") || cursor.Skip("TABLES"))
        {
            cursor.Skip("IF", "EXISTS");
            var tables = new List<QualifiedName?>();
            do
            {
                tables.Add(cursor.TakeTable());
            }
            while (cursor.SkipSymbol(','));
            return StatementClassifier.OfTables(tables) with { IsDrop = true };
        }

        if (cursor.Skip("DATABASE") || cursor.Skip("SCHEMA"))
        {
            cursor.Skip("IF", "EXISTS");
            return cursor.Peek().IsName ? new ClassifiedStatement(StatementKind.DatabaseDdl) { Database = cursor.Take().Text } : new ClassifiedStatement(StatementKind.Unknown);
        }

        cursor.SkipAny("ONLINE", "OFFLINE");
        if (cursor.Skip("INDEX"))
        {
            return cursor.SeekPast("ON") ? StatementClassifier.OfTables(cursor.TakeTable()) : new ClassifiedStatement(StatementKind.Unknown);
        }

        return ObjectKind.Classify(cursor);
    }
}
