using System.Diagnostics;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>The binary log read from the source and every row walked, nothing applied.</summary>
/// <param name="Seconds">Time on the clock.</param>
/// <param name="CpuSeconds">CPU time of this process meanwhile.</param>
/// <param name="Bytes">Bytes of events.</param>
/// <param name="Rows">Row changes.</param>
/// <param name="AllocatedBytes">Bytes allocated meanwhile.</param>
internal sealed record DecodeRun(double Seconds, double CpuSeconds, long Bytes, long Rows, long AllocatedBytes)
{
    private const uint ServerId = 4_000_000_000;

    /// <summary>Reads up to the recording's end twice; the second time counts, when the code has been compiled for speed: on a busy machine that takes as long as the first.</summary>
    public static async Task<DecodeRun> RunAsync(MySqlServer source, Recording recording, CancellationToken cancellationToken)
    {
        _ = await RunOnceAsync(source, recording, cancellationToken);
        return await RunOnceAsync(source, recording, cancellationToken);
    }

    private static async Task<DecodeRun> RunOnceAsync(MySqlServer source, Recording recording, CancellationToken cancellationToken)
    {
        var session = await Recording.OpenAsync(source, cancellationToken);
        await using var stream = await BinlogStream.OpenAsync(session, new BinlogStreamOptions { After = GtidSet.Empty, ServerId = ServerId }, TimeProvider.System, cancellationToken);
        var reader = new RowsReader();
        var (began, cpu, allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        long bytes = 0;
        long rows = 0;
        while (rows < recording.Workload.Changes)
        {
            var binlogEvent = await stream.ReadAsync(cancellationToken);
            bytes += binlogEvent.Header.Length;
            if (binlogEvent is RowsEvent changes)
            {
                reader.Reset(changes);
                while (reader.Read())
                {
                    rows++;
                }
            }

            binlogEvent.Release();
        }

        return new DecodeRun(
            Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, bytes, rows, GC.GetTotalAllocatedBytes() - allocated);
    }
}
