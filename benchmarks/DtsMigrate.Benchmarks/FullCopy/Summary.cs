using DtsMigrate.Benchmarks.FullCopy.Contenders;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>One line of the table. Medians over the rounds, but for the extremes.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="WallSeconds">Median.</param>
/// <param name="Fastest">Least wall seconds.</param>
/// <param name="Slowest">Most wall seconds.</param>
/// <param name="RatioToOurs">Median of its wall time divided by ours of the same round; above 1 is slower than ours.</param>
/// <param name="RatioToOursBinlogOff">The same against ours without binary log.</param>
/// <param name="SourceCpuSeconds">CPU time of the source.</param>
/// <param name="DestinationCpuSeconds">CPU time of the destination.</param>
/// <param name="DestinationWrittenMb">What the destination wrote.</param>
/// <param name="ClientCpuSeconds">CPU time of all programs that copied.</param>
/// <param name="ClientCpuPerGb">The same for 10^9 bytes of rows. Starting the programs is in it, which weighs the more the less data there is.</param>
/// <param name="PeakMb">Highest memory of the engine over all rounds, MiB.</param>
/// <param name="ForeignCpuSeconds">CPU time that went to others meanwhile.</param>
internal sealed record Summary(
    string Contender,
    double WallSeconds,
    double Fastest,
    double Slowest,
    double? RatioToOurs,
    double? RatioToOursBinlogOff,
    double? SourceCpuSeconds,
    double? DestinationCpuSeconds,
    double? DestinationWrittenMb,
    double? ClientCpuSeconds,
    double? ClientCpuPerGb,
    double? PeakMb,
    double? ForeignCpuSeconds)
{
    /// <summary>Sums up one contender's runs.</summary>
    public static Summary Of(string contender, IReadOnlyList<Sample> all, long? bytes)
    {
        var own = all.Where(sample => sample.Contender == contender).ToList();
        var client = Median(own.Select(sample => sample.Used.ClientCpuSeconds));
        return new Summary(
            contender,
            Median(own.Select(sample => (double?)sample.Used.WallSeconds))!.Value,
            own.Min(sample => sample.Used.WallSeconds),
            own.Max(sample => sample.Used.WallSeconds),
            Ratio(own, all, EngineContender.DefaultName),
            Ratio(own, all, EngineContender.BinlogOffName),
            Median(own.Select(sample => sample.Used.SourceCpuSeconds)),
            Median(own.Select(sample => sample.Used.DestinationCpuSeconds)),
            Median(own.Select(sample => sample.Used.DestinationWrittenMb)),
            client,
            client / (bytes / 1e9),
            own.Max(sample => sample.Engine?.PeakMemoryMb),
            Median(own.Select(sample => sample.Used.ForeignCpuSeconds)));
    }

    private static double? Ratio(List<Sample> own, IReadOnlyList<Sample> all, string baseline)
    {
        var walls = all.Where(sample => sample.Contender == baseline).ToDictionary(sample => sample.Round, sample => sample.Used.WallSeconds);
        return Median(own.Where(sample => walls.ContainsKey(sample.Round)).Select(sample => (double?)(sample.Used.WallSeconds / walls[sample.Round])));
    }

    private static double? Median(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count switch
        {
            0 => null,
            var count when count % 2 == 1 => sorted[middle],
            _ => (sorted[middle - 1] + sorted[middle]) / 2,
        };
    }
}
