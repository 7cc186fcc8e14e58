using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination has the parsers of FULLTEXT indexes.</summary>
internal sealed class FulltextParsersCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "FulltextParsers";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var selection = context.Selection;
        var wanted = new List<(string Table, string Parser)>();
        var indexed = await context.Source.Session.QueryRowsAsync("SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME FROM information_schema.STATISTICS WHERE INDEX_TYPE='FULLTEXT'", cancellationToken).ConfigureAwait(false);
        foreach (var table in indexed.Select(r => new QualifiedName(r.GetString(0), r.GetString(1))).Where(selection.Selects))
        {
            // Only the text of the table names the parser.
            var text = await context.Source.Session.QueryRowsAsync($"SHOW CREATE TABLE {table.ToSql()}", cancellationToken).ConfigureAwait(false);
            wanted.AddRange(ParsersOf(text[0].GetString(1)).Select(p => (table.ToString(), p)));
        }

        if (wanted.Count == 0)
        {
            return [Judge([], [])];
        }

        var plugins = await context.Destination.Session.QueryRowsAsync("SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE='FTPARSER' AND PLUGIN_STATUS='ACTIVE'", cancellationToken).ConfigureAwait(false);
        return [Judge(wanted, [.. plugins.Select(p => p.GetString(0))])];
    }

    /// <summary>Judges tables and the parsers of their FULLTEXT indexes by those of the destination.</summary>
    internal static Finding Judge(IReadOnlyCollection<(string Table, string Parser)> wanted, IReadOnlyCollection<string> present)
    {
        string[] missing = [.. wanted.Where(w => !present.Contains(w.Parser, StringComparer.OrdinalIgnoreCase)).Select(w => $"{w.Parser} ({w.Table})").Distinct(StringComparer.Ordinal)];
        return missing.Length == 0
            ? Finding.Passed("destination", wanted.Count == 0 ? "No selected table has a FULLTEXT index with a parser of its own." : "The destination has the parsers of all FULLTEXT indexes.")
            : Finding.Failed("destination", $"The destination does not have the parsers of these FULLTEXT indexes: {Finding.List(missing)}.", "Install the parser's plugin there, or drop the indexes on the source.");
    }

    /// <summary>The parsers that a CREATE TABLE names.</summary>
    internal static IReadOnlyList<string> ParsersOf(string createSql)
    {
        var tokens = new SqlTokens(createSql);
        var found = new List<string>();
        for (int i = 0; i + 2 < tokens.Count; i++)
        {
            if (tokens.IsWord(i, "WITH") && tokens.IsWord(i + 1, "PARSER"))
            {
                found.Add(tokens.Name(i + 2));
            }
        }

        return found;
    }
}
