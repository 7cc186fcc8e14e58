using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>CREATE, ALTER and DROP of everything but tables, indexes and databases.</summary>
internal static class ObjectKind
{
    private static readonly HashSet<string> InDatabases = new(StringComparer.OrdinalIgnoreCase)
    {
        "VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "LIBRARY",
    };

    private static readonly HashSet<string> OfServer = new(StringComparer.OrdinalIgnoreCase)
    {
        "USER", "ROLE", "SERVER", "TABLESPACE", "UNDO", "LOGFILE", "RESOURCE", "REFERENCE", "SPATIAL",
    };

    /// <summary>Classifies by the first word that names a kind of object, past DEFINER, ALGORITHM and the like.</summary>
    public static ClassifiedStatement Classify(TokenCursor cursor)
    {
        var first = cursor.Peek();
        if (first.Kind == SqlTokenKind.Word && OfServer.Contains(first.Text))
        {
            return new ClassifiedStatement(StatementKind.Other);
        }

        while (!cursor.AtEnd)
        {
            var token = cursor.Take();
            if (token.IsSymbol('='))
            {
                // The value of DEFINER or ALGORITHM: a user name may read like a kind.
                cursor.Take();
            }
            else if (token.IsSymbol('@'))
            {
                cursor.Take();
            }
            else if (token.Kind == SqlTokenKind.Word && InDatabases.Contains(token.Text))
            {
                cursor.Skip("IF", "NOT", "EXISTS");
                cursor.Skip("IF", "EXISTS");
                return cursor.TakeTable() is { } name
                    ? new ClassifiedStatement(StatementKind.ObjectDdl) { Tables = [name] }
                    : new ClassifiedStatement(StatementKind.Unknown);
            }
            else if (token.IsSymbol('('))
            {
                break;
            }
        }

        return new ClassifiedStatement(StatementKind.Unknown);
    }
}
