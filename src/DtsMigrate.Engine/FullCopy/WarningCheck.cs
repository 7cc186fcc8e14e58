using System.Text;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// LOAD DATA LOCAL and INSERT IGNORE turn errors into warnings. This decides whether a statement's warnings are only those that an exact copy has.
/// </summary>
internal static class WarningCheck
{
    private const long DuplicateEntry = 1062;
    private const long DataTruncated = 1265;

    /// <summary>Checks the last statement on the session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="skipped">Rows that the statement left out.</param>
    /// <param name="warnings">Warnings that it reports.</param>
    /// <param name="enumZeros">ENUM values of index 0 that were sent: each gives 1265 and is stored all the same.</param>
    /// <param name="duplicatesAllowed">Rows may be left out for a duplicate unique value.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null when all is as it should be; else what is not.</returns>
    public static async Task<string?> FindFaultAsync(MySqlSession session, long skipped, long warnings, long enumZeros, bool duplicatesAllowed, CancellationToken cancellationToken)
    {
        if (skipped == 0 && warnings == 0)
        {
            return null;
        }

        var counts = new Dictionary<long, long>();
        string? first = null;
        foreach (var row in await session.QueryRowsAsync("SHOW WARNINGS", cancellationToken).ConfigureAwait(false))
        {
            long code = row.GetInt64(1);
            counts[code] = counts.GetValueOrDefault(code) + 1;
            if (code is not DataTruncated && (code != DuplicateEntry || !duplicatesAllowed))
            {
                first ??= Describe(row, code);
            }
        }

        if (first is not null)
        {
            return first;
        }

        if (skipped > 0 && !duplicatesAllowed)
        {
            return $"{skipped} rows were skipped";
        }

        // The server keeps max_error_count warnings; when there are more, only the total can be compared.
        long shown = counts.Values.Sum();
        bool exact = warnings == skipped + enumZeros
            && (shown < warnings || (counts.GetValueOrDefault(DuplicateEntry) == skipped && counts.GetValueOrDefault(DataTruncated) == enumZeros));
        return exact ? null : $"{skipped} rows skipped, {warnings} warnings, of which {counts.GetValueOrDefault(DuplicateEntry)} for duplicates and {counts.GetValueOrDefault(DataTruncated)} for {enumZeros} ENUM errors";
    }

    // Messages quote data, which in a NAMES binary session need not be UTF-8.
    private static string Describe(TextRow row, long code) => $"{code}: {Encoding.UTF8.GetString(row.GetBytes(2))}";
}
