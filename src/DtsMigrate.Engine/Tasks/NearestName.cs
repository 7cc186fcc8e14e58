namespace DtsMigrate.Engine.Tasks;

/// <summary>Finds what somebody meant to write.</summary>
internal static class NearestName
{
    /// <summary>The known name nearest to the one found; null when none is near.</summary>
    public static string? Of(string found, IEnumerable<string> known)
    {
        (string Name, int Distance)? best = null;
        foreach (string name in known)
        {
            int distance = Distance(found.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance <= Math.Max(1, name.Length / 3) && (best is null || distance < best.Value.Distance))
            {
                best = (name, distance);
            }
        }

        return best?.Name;
    }

    // Levenshtein, one row of the table at a time.
    private static int Distance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
