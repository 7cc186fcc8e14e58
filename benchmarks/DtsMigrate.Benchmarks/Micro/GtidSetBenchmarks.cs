using BenchmarkDotNet.Attributes;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Benchmarks.Micro;

/// <summary>Adding one transaction to the executed set, which the stream does for each.</summary>
public class GtidSetBenchmarks
{
    private const int Gaps = 1_000;
    private static readonly GtidTag Origin = new(new Guid("3e11fa47-71ca-11e1-9e33-c80aa9429562"), "");

    private readonly Gtid _next = new(Origin, 2 * Gaps);
    private readonly Gtid _inGap = new(Origin, Gaps);
    private readonly GtidSet _whole = GtidSet.Parse($"{Origin.Uuid}:1-{(2 * Gaps) - 1}");
    private readonly GtidSet _holed = GtidSet.Parse($"{Origin.Uuid}:{string.Join(':', Enumerable.Range(0, Gaps).Select(i => (2 * i) + 1))}");

    /// <summary>The next number of a set without gaps: the usual case.</summary>
    [Benchmark]
    public GtidSet ExtendWhole() => _whole.With(_next);

    /// <summary>The next number of a set with a thousand gaps, as multi-threaded replicas leave them.</summary>
    [Benchmark]
    public GtidSet ExtendHoled() => _holed.With(_next);

    /// <summary>A number that closes one of the gaps.</summary>
    [Benchmark]
    public GtidSet CloseGap() => _holed.With(_inGap);
}
