namespace DtsMigrate.Engine.Precheck;

/// <summary>A precheck in numbers.</summary>
/// <param name="Items">Results that were judged: all but skipped ones.</param>
/// <param name="Passed">Passed.</param>
/// <param name="Warnings">Worth knowing.</param>
/// <param name="Failed">Block the start.</param>
/// <param name="Ignored">Failed, and ignored by decision.</param>
/// <param name="Skipped">Not judged.</param>
public sealed record PrecheckSummary(int Items, int Passed, int Warnings, int Failed, int Ignored, int Skipped)
{
    /// <summary>Share of the judged results that do not block, in percent, rounded down: 100 only when none blocks.</summary>
    public int SuccessPercent => Items == 0 ? 0 : (Items - Failed) * 100 / Items;

    /// <summary>Counts results.</summary>
    public static PrecheckSummary Of(IReadOnlyCollection<PrecheckResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        int skipped = Count(PrecheckOutcome.Skipped);
        return new PrecheckSummary(
            results.Count - skipped, Count(PrecheckOutcome.Passed), Count(PrecheckOutcome.Warning), Count(PrecheckOutcome.Failed), Count(PrecheckOutcome.Ignored), skipped);

        int Count(PrecheckOutcome outcome) => results.Count(r => r.Outcome == outcome.ToString());
    }
}
