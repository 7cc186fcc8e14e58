using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck;

/// <summary>One pass of a task's checks: with what is approved and ignored in its folder, and keeping the results there.</summary>
internal static class PrecheckPass
{
    /// <summary>Runs the checks and yields each result as it comes.</summary>
    /// <param name="task">The task.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="source">Source.</param>
    /// <param name="destination">Destination.</param>
    /// <param name="isResume">The task has progress on the destination.</param>
    /// <param name="onlyFailed">Run only what failed or was skipped last time; the other results of that time are yielded as they were. Everything where there is no last time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async IAsyncEnumerable<PrecheckResult> RunAsync(
        MigrationTask task, TaskFolder folder, ServerConnector source, ServerConnector destination, bool isResume, bool onlyFailed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        IReadOnlyList<PrecheckResult> last = onlyFailed ? folder.ReadPrecheck()?.Results ?? [] : [];
        var approvals = new PrecheckApprovals(folder, source.Time);
        IReadOnlyList<PrecheckIgnore> ignores = folder.ReadIgnores();
        var again = last.Where(r => r.Outcome is nameof(PrecheckOutcome.Failed) or nameof(PrecheckOutcome.Ignored) || r is { Outcome: nameof(PrecheckOutcome.Skipped), IsBlocked: true })
            .Select(r => r.Check).ToHashSet(StringComparer.Ordinal);
        var checks = PrecheckList.Create();
        var results = new List<PrecheckResult>();
        await foreach (var result in PrecheckRunner.RunAsync(last.Count == 0 ? checks : [.. checks.Where(c => c.Provides || again.Contains(c.Code))], task, source, destination, isResume, cancellationToken).ConfigureAwait(false))
        {
            results.Add(PrecheckIgnores.Apply(approvals.Apply(result), ignores));
            yield return results[^1];
        }

        var run = results.Select(r => r.Check).ToHashSet(StringComparer.Ordinal);
        foreach (var kept in last.Where(r => !run.Contains(r.Check)))
        {
            // What was decided since then counts.
            results.Add(PrecheckIgnores.Apply(approvals.Refresh(kept), ignores));
            yield return results[^1];
        }

        folder.WritePrecheck(new PrecheckRecord(source.Time.GetUtcNow(), results));
    }
}
