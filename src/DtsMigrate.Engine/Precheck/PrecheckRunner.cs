using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck;

/// <summary>Runs every check in declared order; nothing on either server is changed.</summary>
public static class PrecheckRunner
{
    /// <summary>Runs the checks and yields each result as it comes. Connection failures become Failed items, not exceptions.</summary>
    /// <param name="task">The task.</param>
    /// <param name="source">Source.</param>
    /// <param name="destination">Destination.</param>
    /// <param name="isResume">The task has progress on the destination: its own tables there are no conflict.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static IAsyncEnumerable<PrecheckResult> RunAsync(MigrationTask task, ServerConnector source, ServerConnector destination, bool isResume, CancellationToken cancellationToken) =>
        RunAsync(PrecheckList.Create(), task, source, destination, isResume, cancellationToken);

    /// <summary>Runs the given checks.</summary>
    internal static async IAsyncEnumerable<PrecheckResult> RunAsync(
        IReadOnlyList<IPrecheck> checks,
        MigrationTask task,
        ServerConnector source,
        ServerConnector destination,
        bool isResume,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var context = new PrecheckContext(task, source, destination, isResume);
        await using (context.ConfigureAwait(false))
        {
            foreach (var check in checks)
            {
                long start = source.Time.GetTimestamp();
                var findings = await JudgeAsync(check, context, cancellationToken).ConfigureAwait(false);
                double milliseconds = source.Time.GetElapsedTime(start).TotalMilliseconds;
                foreach (var finding in findings)
                {
                    yield return new PrecheckResult
                    {
                        Task = task.Name,
                        Check = check.Code,
                        Category = check.Category,
                        Outcome = finding.Outcome.ToString(),
                        Target = finding.Target,
                        Message = finding.Message,
                        Recommendation = finding.Recommendation,
                        FixSql = finding.FixSql,
                        CanIgnore = check.CanIgnore,
                        Evidence = finding.Evidence,
                        IsBlocked = finding.Outcome == PrecheckOutcome.Skipped && ((check.Needs & ~context.Have) != PrecheckNeeds.None || finding.Recommendation is not null),
                        DurationMs = milliseconds,
                    };
                }
            }
        }
    }

    private static async Task<IReadOnlyList<Finding>> JudgeAsync(IPrecheck check, PrecheckContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lacking = check.Needs & ~context.Have;
        if (lacking != PrecheckNeeds.None)
        {
            return [Finding.Skipped("task", $"Not judged: an earlier item has to pass first ({Describe(lacking)}).")];
        }

        try
        {
            return check.AppliesTo(context)
                ? await check.RunAsync(context, cancellationToken).ConfigureAwait(false)
                : [Finding.Skipped("task", "Does not apply to this task.")];
        }
        catch (MySqlServerException e) when (Unseen.Is(e))
        {
            // Where an item is needed, the privilege for it is asked for by SourcePrivileges or DestinationPrivileges, which block.
            return [new Finding(PrecheckOutcome.Skipped, "task", $"Not judged: the account may not look. {e.ServerMessage}", "Grant what the message names to have this judged.")];
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One check that breaks must not hide the findings of the others; it blocks, because what it looks after is not known to be well.
            return [Finding.Failed("task", $"The check itself failed: {e.Message}", "Run the precheck again; if it fails in the same way, the message names the cause.")];
        }
    }

    private static string Describe(PrecheckNeeds lacking)
    {
        (PrecheckNeeds Need, string Check)[] sources =
            [(PrecheckNeeds.Source, "SourceConnectivity"), (PrecheckNeeds.Destination, "DestinationConnectivity"), (PrecheckNeeds.Tables, "ObjectsExist")];
        return string.Join(", ", sources.Where(s => lacking.HasFlag(s.Need)).Select(s => s.Check));
    }
}
