namespace DtsMigrate.Engine.Assessment;

/// <summary>Words that MySQL has reserved since 5.7 (MySQL manual, "Keywords and Reserved Words"): for sources that have no information_schema.KEYWORDS. The destination's own list decides which of them it reserves.</summary>
internal static class ReservedWords
{
    /// <summary>Upper case.</summary>
    public static readonly IReadOnlyList<string> Since57 =
    [
        "CUBE", "CUME_DIST", "DENSE_RANK", "EMPTY", "EXCEPT", "EXTERNAL", "FIRST_VALUE", "FUNCTION", "GROUPING", "GROUPS", "INTERSECT", "JSON_TABLE", "LAG", "LAST_VALUE", "LATERAL", "LEAD",
        "LIBRARY", "MANUAL", "NTH_VALUE", "NTILE", "OF", "OVER", "PARALLEL", "PERCENT_RANK", "QUALIFY", "RANK", "RECURSIVE", "ROW", "ROWS", "ROW_NUMBER", "SYSTEM", "TABLESAMPLE", "WINDOW",
    ];
}
