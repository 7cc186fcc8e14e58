using System.Text;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck;

/// <summary>The precheck found something that blocks the start. Code <c>PrecheckBlocked</c>.</summary>
public sealed class PrecheckBlockedException : DtsMigrateException
{
    /// <summary>Creates the error.</summary>
    /// <param name="results">All results of the precheck, in order.</param>
    public PrecheckBlockedException(IReadOnlyList<PrecheckResult> results)
        : base("PrecheckBlocked", Describe(results))
    {
        Results = results;
        RecommendedAction = "Mend the failed items and run the precheck again.";
        Target = results.Count == 0 ? null : results[0].Task;
    }

    /// <summary>All results of the precheck, the passed ones included.</summary>
    public IReadOnlyList<PrecheckResult> Results { get; }

    private static string Describe(IReadOnlyList<PrecheckResult> results)
    {
        var failed = results.Where(r => r.Outcome == nameof(PrecheckOutcome.Failed)).ToList();
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
