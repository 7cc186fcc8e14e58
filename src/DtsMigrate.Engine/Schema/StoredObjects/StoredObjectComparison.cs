using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Whether an object on the destination is the one that the task makes. Decides after a crash what is there already.</summary>
/// <param name="definer">Whose rights the task gives its objects: with <see cref="DefinerMode.Destination"/> definers are not compared.</param>
/// <param name="samePrinter">
/// Both servers print definitions alike (same release series). Else each prints a view's query and a function's type in its own words: of a view the head is compared then.
/// </param>
internal sealed class StoredObjectComparison(DefinerMode definer, bool samePrinter)
{
    private readonly StoredObjectRewriter _identity = StoredObjectRewriter.Identity(definer);

    /// <summary>The first difference in words; null when the objects are the same.</summary>
    /// <param name="wanted">The object as rewritten for the destination.</param>
    /// <param name="existing">The object as the destination prints it.</param>
    public string? FindDifference(StoredObject wanted, StoredObject existing)
    {
        string text = _identity.Rewrite(existing, StoredObjectForm.Final).CreateSql;
        bool isSame = wanted.CreateSql == text || (!samePrinter && Shared(wanted, wanted.CreateSql) == Shared(existing, text));
        return !isSame ? $"its text is {Shorten(text)} and not {Shorten(wanted.CreateSql)}"
            : wanted.SqlMode != existing.SqlMode ? $"its sql_mode is '{existing.SqlMode}' and not '{wanted.SqlMode}'"
            : Differ(wanted.ClientCharset, existing.ClientCharset) ? $"its character_set_client is {existing.ClientCharset} and not {wanted.ClientCharset}"
            : Differ(wanted.ConnectionCollation, existing.ConnectionCollation) ? $"its collation_connection is {existing.ConnectionCollation} and not {wanted.ConnectionCollation}"
            : wanted.TimeZone != existing.TimeZone ? $"its time zone is {existing.TimeZone} and not {wanted.TimeZone}"
            : wanted.Table is { } table && !existing.Table.Equals(table) ? $"its table is {existing.Table} and not {table}"
            : null;
    }

    // What servers of all series print alike.
    private static string Shared(StoredObject item, string sql)
    {
        switch (item.Kind)
        {
            case StoredObjectKind.View:
                return sql[..StoredStatement.Parse(sql, item.Syntax).Body];
            case StoredObjectKind.Function:
                var type = StoredStatement.Parse(sql, item.Syntax).Returns;
                var words = DestinationTableCheck.NormalizeType(sql[type]).Split(' ').Select(DestinationTableCheck.NormalizeCharset);
                return $"{sql[..type.Start]}{string.Join(' ', words)}{sql[type.End..]}";
            default:
                return sql;
        }
    }

    private static bool Differ(string? a, string? b) => DestinationTableCheck.NormalizeCharset(a) != DestinationTableCheck.NormalizeCharset(b);

    private static string Shorten(string text) => text.Length <= 300 ? text : text[..300] + "...";
}
