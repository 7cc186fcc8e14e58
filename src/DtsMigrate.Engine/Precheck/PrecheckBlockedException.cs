using System.Text;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck;

/// <summary>The precheck found something that blocks the start. Code <c>PrecheckBlocked</c>.</summary>
public sealed class PrecheckBlockedException : DtsMigrateException
{
    /// <summary>Creates the error.</summary>
    /// <param name="results">All results of the precheck, in order.</param>
    /// <param name="warningsBlock">Warnings that nobody has approved block as well.</param>
    public PrecheckBlockedException(IReadOnlyList<PrecheckResult> results, bool warningsBlock = false)
        : base("PrecheckBlocked", Describe(results, warningsBlock))
    {
        Results = results;
        RecommendedAction = results.Any(static result => result.Outcome == nameof(PrecheckOutcome.Failed))
            ? "Mend the failed items and run the precheck again."
            : "Approve the warnings, each with a reason, or mend what they name.";
        Target = results.Count == 0 ? null : results[0].Task;
    }

    /// <summary>All results of the precheck, the passed ones included.</summary>
    public IReadOnlyList<PrecheckResult> Results { get; }

    internal static bool IsBlocked(IReadOnlyList<PrecheckResult> results, bool warningsBlock) => results.Any(result => Blocks(result, warningsBlock));

    private static bool Blocks(PrecheckResult result, bool warningsBlock) =>
        result.Outcome == nameof(PrecheckOutcome.Failed) || (warningsBlock && result.Outcome == nameof(PrecheckOutcome.Warning));

    private static string Describe(IReadOnlyList<PrecheckResult> results, bool warningsBlock)
    {
        var failed = results.Where(r => Blocks(r, warningsBlock)).ToList();
        var text = new StringBuilder();
        text.Append("The precheck failed: ").Append(failed.Count).Append(failed.Count == 1 ? " item blocks the start." : " items block the start.");
        foreach (var item in failed)
        {
            text.Append('\n').Append(item.Check).Append(" (").Append(item.Target).Append("): ").Append(Sentence.End(item.Message));
            if (item.Recommendation is not null)
            {
                text.Append(' ').Append(item.Recommendation);
            }

            if (item.FixSql is not null)
            {
                text.Append(" SQL: ").Append(item.FixSql);
            }
        }

        return text.ToString();
    }
}
