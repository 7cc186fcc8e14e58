using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Benchmarks.FullCopy.Contenders;

/// <summary>The engine: a task of schema and full copy with default options.</summary>
internal sealed class EngineContender(WorkerProgram worker, bool binlog) : IContender
{
    /// <summary>Name with all defaults.</summary>
    public const string DefaultName = "ours";

    /// <summary>Name with the destination's binary log kept out of it.</summary>
    public const string BinlogOffName = "ours, binlog off";

    private int _runs;

    public string Name { get; } = binlog ? DefaultName : BinlogOffName;

    public string? Absent => null;

    public async Task<WorkerResult?> CopyAsync(Arena arena, CancellationToken cancellationToken) =>
        await worker.CopyAsync(arena, $"bench-{(binlog ? "on" : "off")}-{++_runs}", new TaskOptions { DestinationBinlog = binlog }, cancellationToken);
}
