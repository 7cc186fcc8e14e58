using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema;

/// <summary>Compares the indexes of a table with those of its copy.</summary>
internal static class IndexComparison
{
    /// <summary>All indexes of the source that the destination lacks or has otherwise, in words; empty when there are none.</summary>
    /// <param name="source">Definition on the source.</param>
    /// <param name="destination">Definition on the destination.</param>
    /// <param name="samePrinter">Both servers print definitions alike (same release series): the texts must be the same. Else kind, columns, their order and prefixes must be.</param>
    public static IReadOnlyList<string> FindDifferences(CreateTableStatement source, CreateTableStatement destination, bool samePrinter)
    {
        var there = ByName(destination);
        var differences = new List<string>();
        foreach (var index in source.ReadIndexes())
        {
            if (!there.TryGetValue(index.Name, out var other))
            {
                differences.Add($"{index.Element.Text(source.Tokens)} is missing");
            }
            else if (index.Kind != other.Kind || Meaning(source, index, samePrinter) != Meaning(destination, other, samePrinter))
            {
                differences.Add($"{index.Element.Text(source.Tokens)} is {other.Element.Text(destination.Tokens)} there");
            }
        }

        return differences;
    }

    /// <summary>Indexes of the source that the destination lacks.</summary>
    public static IReadOnlyList<IndexElement> FindMissing(CreateTableStatement source, CreateTableStatement destination)
    {
        var there = ByName(destination);
        return [.. source.ReadIndexes().Where(i => !there.ContainsKey(i.Name))];
    }

    private static Dictionary<string, IndexElement> ByName(CreateTableStatement statement) =>
        statement.ReadIndexes().ToDictionary(i => i.Name, StringComparer.OrdinalIgnoreCase);

    private static string Meaning(CreateTableStatement statement, IndexElement index, bool samePrinter)
    {
        var (tokens, element) = (statement.Tokens, index.Element);
        return samePrinter
            ? DefinitionComparison.Normalize(tokens, element.First, element.End)
            : string.Join(',', Enumerable.Range(element.First, element.End - element.First).Where(i => tokens.Is(i, SqlTokenKind.QuotedName)).Select(i => tokens.Name(i).ToUpperInvariant() + Way(tokens, i + 1)));
    }

    // What stands after a column: (10), DESC, or both. Expressions, which every version writes in its own way, are left out of it.
    private static string Way(SqlTokens tokens, int at)
    {
        bool isPrefix = tokens.IsSymbol(at, '(') && tokens.Is(at + 1, SqlTokenKind.Literal) && tokens.IsSymbol(at + 2, ')');
        string length = isPrefix ? $"({tokens.Span(at + 1)})" : string.Empty;
        return tokens.IsWord(isPrefix ? at + 3 : at, "DESC") ? length + " DESC" : length;
    }
}
