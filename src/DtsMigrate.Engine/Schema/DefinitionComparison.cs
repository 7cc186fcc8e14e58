using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema;

/// <summary>
/// Whether a table on the destination is what schema migration makes of a source table. Decides after a crash whether an existing table is
/// this task's own work.
/// </summary>
internal static class DefinitionComparison
{
    /// <summary>All differences in words; empty when the definitions are the same.</summary>
    /// <param name="source">Source table.</param>
    /// <param name="destination">Destination table.</param>
    /// <param name="samePrinter">Both servers print definitions alike (same release series), so their texts may be compared as well.</param>
    /// <param name="deferred">Definitions of indexes that the destination may lack as yet.</param>
    public static IReadOnlyList<string> FindDifferences(TableDefinition source, TableDefinition destination, bool samePrinter, params IReadOnlyList<string> deferred)
    {
        var differences = new List<string>(DestinationTableCheck.FindDifferences(source, destination));
        if (!source.Columns.Select(c => c.Name).SequenceEqual(destination.Columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase))
        {
            differences.Add($"columns are ({Names(source)}) on the source and ({Names(destination)}) on the destination");
        }

        foreach (var column in source.Columns)
        {
            var other = destination.Columns.FirstOrDefault(c => c.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
            if (other is not null && DestinationTableCheck.NormalizeCharset(column.Collation) != DestinationTableCheck.NormalizeCharset(other.Collation))
            {
                differences.Add($"column {column.Name} has collation {column.Collation} on the source and {other.Collation} on the destination");
            }
        }

        if (samePrinter && differences.Count == 0)
        {
            CompareTexts(CreateTableStatement.Parse(source.CreateSql), CreateTableStatement.Parse(destination.CreateSql), deferred, differences);
        }

        return differences;
    }

    private static void CompareTexts(CreateTableStatement source, CreateTableStatement destination, IReadOnlyList<string> deferred, List<string> differences)
    {
        var ours = Parts(source);
        var theirs = Parts(destination);
        differences.AddRange(ours.Except(theirs, StringComparer.Ordinal).Except(deferred.Select(Normalize), StringComparer.Ordinal).Select(p => $"the destination lacks: {p}"));
        differences.AddRange(theirs.Except(ours, StringComparer.Ordinal).Select(p => $"only the destination has: {p}"));
    }

    private static List<string> Parts(CreateTableStatement statement)
    {
        var parts = statement.Elements.Where(e => !e.IsForeignKey).Select(e => Normalize(statement.Tokens, e.First, e.End)).ToList();
        parts.Add(Normalize(statement.Tokens, statement.TailStart, statement.Tokens.Count));
        return parts;
    }

    private static string Normalize(string definition)
    {
        var tokens = new SqlTokens(definition);
        return Normalize(tokens, 0, tokens.Count);
    }

    // Collations are compared by value, above; whether they are printed depends on how the table was made. AUTO_INCREMENT moves with the rows.
    internal static string Normalize(SqlTokens tokens, int first, int end)
    {
        var words = new List<string>(end - first);
        int depth = 0;
        for (int i = first; i < end; i++)
        {
            depth += tokens.IsSymbol(i, '(') ? 1 : tokens.IsSymbol(i, ')') ? -1 : 0;
            int skip = depth == 0 ? CosmeticLength(tokens, i) : IsIntroducer(tokens, i) ? 1 : 0;
            if (skip > 0)
            {
                i += skip - 1;
            }
            else
            {
                words.Add(tokens.Span(i).ToString());
            }
        }

        return string.Join(' ', words);
    }

    // The server rewrites _utf8mb4'x' to the compared column's own character set whenever it rebuilds the table.
    private static bool IsIntroducer(SqlTokens tokens, int at) =>
        tokens.Is(at, SqlTokenKind.Word) && tokens.Span(at)[0] == '_' && tokens.Is(at + 1, SqlTokenKind.Text);

    private static int CosmeticLength(SqlTokens tokens, int at)
    {
        if (TableRewriter.PlacementLength(tokens, at) is > 0 and int placement)
        {
            return placement;
        }

        if (tokens.IsWord(at, "DEFAULT") && tokens.IsWord(at + 1, "CHARSET"))
        {
            return 4;
        }

        if (tokens.IsWord(at, "CHARACTER") && tokens.IsWord(at + 1, "SET"))
        {
            return 3;
        }

        if (tokens.IsWord(at, "COLLATE") || tokens.IsWord(at, "AUTO_INCREMENT"))
        {
            // COLLATE x and COLLATE=x; AUTO_INCREMENT=n is the option, AUTO_INCREMENT alone the column's attribute.
            bool equals = tokens.IsSymbol(at + 1, '=');
            return equals ? 3 : tokens.IsWord(at, "COLLATE") ? 2 : 0;
        }

        return 0;
    }

    private static string Names(TableDefinition table) => string.Join(", ", table.Columns.Select(c => c.Name));
}
