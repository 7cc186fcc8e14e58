using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>ALTER ...</summary>
internal static class AlterStatement
{
    /// <summary>Classifies the statement after its verb.</summary>
    public static ClassifiedStatement Classify(TokenCursor cursor)
    {
        cursor.SkipAny("ONLINE", "IGNORE");
        if (cursor.Skip("TABLE"))
        {
            return Table(cursor);
        }

        if (cursor.Skip("DATABASE") || cursor.Skip("SCHEMA"))
        {
            return cursor.Peek().IsName ? new ClassifiedStatement(StatementKind.DatabaseDdl) { Database = cursor.Take().Text } : new ClassifiedStatement(StatementKind.Unknown);
        }

        return cursor.Skip("INSTANCE") ? new ClassifiedStatement(StatementKind.Other) : ObjectKind.Classify(cursor);
    }

    private static ClassifiedStatement Table(TokenCursor cursor)
    {
        var tables = new List<QualifiedName?> { cursor.TakeTable() };
        int depth = 0;
        while (!cursor.AtEnd)
        {
            var token = cursor.Take();
            depth += token.IsSymbol('(') ? 1 : token.IsSymbol(')') ? -1 : 0;
            if (depth > 0)
            {
                continue;
            }

            if (token.Is("EXCHANGE"))
            {
                tables.Add(cursor.SeekPast("WITH") && cursor.Skip("TABLE") ? cursor.TakeTable() : null);
            }
            else if (token.Is("RENAME") && !cursor.Skip("COLUMN") && !cursor.Skip("INDEX") && !cursor.Skip("KEY"))
            {
                cursor.SkipAny("TO", "AS");
                cursor.SkipSymbol('=');
                tables.Add(cursor.TakeTable());
            }
        }

        return StatementClassifier.OfTables(tables);
    }
}
