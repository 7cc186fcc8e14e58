using System.Security.Cryptography;
using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck;

/// <summary>The ignored items of a task, kept in its folder.</summary>
public static class PrecheckIgnores
{
    /// <summary>Ignores what an item has found at the last precheck of the task, until it finds something else.</summary>
    /// <param name="folder">Task folder.</param>
    /// <param name="check">Code of the item, in any case.</param>
    /// <param name="reason">Why; not empty.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="time">Clock.</param>
    /// <returns>The findings that are ignored from now on.</returns>
    /// <exception cref="DtsMigrateException">
    /// Codes <c>NothingToIgnore</c>: the last precheck has no failed item of that code. <c>NotIgnorable</c>: the migration cannot work. <c>ReasonMissing</c>.
    /// </exception>
    public static IReadOnlyList<PrecheckResult> Ignore(TaskFolder folder, string check, string reason, string by, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(time);
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new DtsMigrateException("ReasonMissing", "Ignoring an item of the precheck needs a reason.") { Target = check };
        }

        PrecheckResult[] failed = [.. (folder.ReadPrecheck()?.Results ?? []).Where(r => r.Outcome == nameof(PrecheckOutcome.Failed) && r.Check.Equals(check, StringComparison.OrdinalIgnoreCase))];
        if (failed.Length == 0)
        {
            throw new DtsMigrateException("NothingToIgnore", $"The last precheck of task '{folder.Name}' has no failed item {check}.")
            {
                Target = check,
                RecommendedAction = "Run the precheck, and name an item that failed.",
            };
        }

        if (Array.Find(failed, r => !r.CanIgnore) is { } essential)
        {
            throw new DtsMigrateException("NotIgnorable", $"{essential.Check} ({essential.Target}) cannot be ignored: {essential.Message}")
            {
                Target = essential.Check,
                RecommendedAction = essential.Recommendation ?? "Mend it.",
            };
        }

        var kept = folder.ReadIgnores().Where(i => !failed.Any(f => Matches(i, f)));
        folder.WriteIgnores([.. kept, .. failed.Select(f => new PrecheckIgnore(f.Check, f.Target, EvidenceOf(f), reason.Trim(), by, time.GetUtcNow()))]);
        return failed;
    }

    /// <summary>The result as it counts: a failed one whose finding is ignored becomes Ignored.</summary>
    internal static PrecheckResult Apply(PrecheckResult result, IReadOnlyList<PrecheckIgnore> ignores)
    {
        if (result.Outcome != nameof(PrecheckOutcome.Failed) || !result.CanIgnore || ignores.FirstOrDefault(i => Matches(i, result)) is not { } ignore)
        {
            return result;
        }

        return result with { Outcome = nameof(PrecheckOutcome.Ignored), IgnoredReason = ignore.Reason, IgnoredBy = ignore.By, IgnoredAt = ignore.At };
    }

    private static bool Matches(PrecheckIgnore ignore, PrecheckResult result) =>
        ignore.Check == result.Check && ignore.Target == result.Target && ignore.Evidence == EvidenceOf(result);

    // The message holds what was observed and what is required.
    private static string EvidenceOf(PrecheckResult result) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(result.Evidence ?? result.Message)));
}
