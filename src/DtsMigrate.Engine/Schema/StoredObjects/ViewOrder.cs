using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Puts views behind the views that they read. Without a default database, servers print every table of a view with its database, so its text names them all.</summary>
internal static class ViewOrder
{
    /// <summary>The views in an order in which they can be created; otherwise in the order given. Views in a circle, which no server can use, come as they come.</summary>
    public static IReadOnlyList<StoredObject> Sort(IReadOnlyList<StoredObject> views, StringComparer names)
    {
        var byName = views.ToDictionary(v => Key(v.Name.Database, v.Name.Name), names);
        var sorted = new List<StoredObject>(views.Count);
        var seen = new HashSet<string>(names);

        // An own stack: thousands of views may be nested in one another.
        var work = new Stack<(StoredObject View, bool IsReady)>();
        foreach (var view in views.Reverse())
        {
            work.Push((view, false));
        }

        while (work.TryPop(out var next))
        {
            if (next.IsReady)
            {
                sorted.Add(next.View);
            }
            else if (seen.Add(Key(next.View.Name.Database, next.View.Name.Name)))
            {
                work.Push((next.View, true));
                foreach (string name in Mentioned(next.View).Where(n => !seen.Contains(n)))
                {
                    if (byName.TryGetValue(name, out var needed))
                    {
                        work.Push((needed, false));
                    }
                }
            }
        }

        return sorted;
    }

    private static IEnumerable<string> Mentioned(StoredObject view)
    {
        var tokens = new SqlTokens(view.CreateSql, view.Syntax);
        for (int i = 0; i + 2 < tokens.Count; i++)
        {
            if (tokens.Is(i, SqlTokenKind.QuotedName) && tokens.IsSymbol(i + 1, '.') && tokens.Is(i + 2, SqlTokenKind.QuotedName))
            {
                yield return Key(tokens.Name(i), tokens.Name(i + 2));
            }
        }
    }

    private static string Key(string database, string name) => $"{database}\0{name}";
}
