using DtsMigrate.Benchmarks.FullCopy;
using DtsMigrate.Benchmarks.Machine;

namespace DtsMigrate.Benchmarks.Scale;

/// <summary>One size.</summary>
/// <param name="What">What was copied.</param>
/// <param name="Used">What it took.</param>
/// <param name="Engine">What the engine told.</param>
internal sealed record ScaleLine(string What, ResourceUse Used, WorkerResult Engine)
{
    /// <summary>10^6 bytes of rows a second.</summary>
    public double MegabytesPerSecond => Engine.BytesCopied / 1e6 / Used.WallSeconds;

    /// <summary>CPU seconds of the engine's process for 10^9 bytes of rows.</summary>
    public double? EngineCpuPerGb => Used.ClientCpuSeconds / (Engine.BytesCopied / 1e9);

    /// <summary>CPU seconds of the destination for 10^9 bytes of rows.</summary>
    public double? DestinationCpuPerGb => Used.DestinationCpuSeconds / (Engine.BytesCopied / 1e9);
}
