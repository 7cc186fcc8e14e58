using System.Globalization;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>Names of those who apply a workload.</summary>
internal static class Contenders
{
    /// <summary>The engine as it ships.</summary>
    public const string Default = "ours";

    /// <summary>The engine with option applyMode TransactionPreserving.</summary>
    public const string Preserving = "ours, transaction-preserving";

    /// <summary>MySQL's own replica.</summary>
    public static string Replica(int workers) => string.Create(CultureInfo.InvariantCulture, $"replica, {workers} worker{(workers == 1 ? "" : "s")}");
}
