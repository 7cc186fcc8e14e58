namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>One line of the table.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="WallSeconds">Median.</param>
/// <param name="Fastest">Least wall seconds.</param>
/// <param name="Slowest">Most wall seconds.</param>
/// <param name="RatioToOurs">Median over the rounds of its wall time divided by ours of the same round; above 1 is slower than ours.</param>
/// <param name="DestinationCpuSeconds">Median.</param>
/// <param name="EngineCpuSeconds">Median CPU seconds of the engine's process.</param>
/// <param name="EngineCpuPerGb">The same for 10^9 bytes of rows. The runtime's start is in it, which weighs the more the less data there is.</param>
/// <param name="EnginePeakMb">Highest memory of the engine over all rounds, MiB.</param>
internal sealed record Summary(
    string Contender,
    double WallSeconds,
    double Fastest,
    double Slowest,
    double? RatioToOurs,
    double? DestinationCpuSeconds,
    double? EngineCpuSeconds,
    double? EngineCpuPerGb,
    double? EnginePeakMb)
{
    /// <summary>Sums up one contender's runs.</summary>
    public static Summary Of(string contender, IReadOnlyList<Sample> all, string ours, long bytes)
    {
        var own = all.Where(sample => sample.Contender == contender).ToList();
        var oursByRound = all.Where(sample => sample.Contender == ours).ToDictionary(sample => sample.Round, sample => sample.WallSeconds);
        var engineCpu = Median(own.Select(sample => sample.Engine).OfType<EngineCost>().Select(cost => cost.CpuSeconds));
        return new Summary(
            contender,
            Median(own.Select(sample => sample.WallSeconds))!.Value,
            own.Min(sample => sample.WallSeconds),
            own.Max(sample => sample.WallSeconds),
            Median(own.Where(sample => oursByRound.ContainsKey(sample.Round)).Select(sample => sample.WallSeconds / oursByRound[sample.Round])),
            Median(own.Select(sample => sample.DestinationCpuSeconds).OfType<double>()),
            engineCpu,
            engineCpu / (bytes / 1e9),
            own.Max(sample => sample.Engine?.PeakMemoryMb));
    }

    private static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count switch
        {
            0 => null,
            var count when count % 2 == 1 => sorted[middle],
            _ => (sorted[middle - 1] + sorted[middle]) / 2,
        };
    }
}
