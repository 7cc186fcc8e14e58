using System.Diagnostics;
using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>
/// Lag under a steady load, seen from outside: from the moment in which COMMIT of a row has returned on the source to the moment in which a query on the destination finds
/// it. The load is workload A's transactions at a fixed rate.
/// </summary>
/// <param name="TransactionsPerSecond">The load.</param>
/// <param name="Samples">Rows looked for.</param>
/// <param name="MedianMs">Half of them were there by then.</param>
/// <param name="P99Ms">99 of 100.</param>
/// <param name="LargestMs">All.</param>
/// <param name="Engine">What the engine took.</param>
internal sealed record LagRun(double TransactionsPerSecond, int Samples, double MedianMs, double P99Ms, double LargestMs, EngineResult Engine)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>Measures.</summary>
    public static async Task<LagRun> RunAsync(MySqlServer source, MySqlServer destination, double transactionsPerSecond, int seconds, CancellationToken cancellationToken)
    {
        var workload = Workload.Create('A', 0.0001);
        workload = workload with { Tables = "CREATE TABLE probe (id INT PRIMARY KEY);" + workload.Tables };
        await Recording.PrepareAsync(source, workload, cancellationToken);
        await Recording.PrepareAsync(destination, workload, cancellationToken);
        using var engine = EngineProcess.Start(source, destination, ApplyMode.Auto, end: null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = LoadAsync(source, transactionsPerSecond, stop.Token);
        var samples = await ProbeAsync(source, destination, seconds, load, cancellationToken);
        await stop.CancelAsync();
        await load;
        samples.Sort();
        return new LagRun(transactionsPerSecond, samples.Count, samples[samples.Count / 2], samples[samples.Count * 99 / 100], samples[^1], await engine.StopAsync(cancellationToken));
    }

    private static async Task LoadAsync(MySqlServer source, double transactionsPerSecond, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await Recording.OpenAsync(source, cancellationToken);
            var random = new Random(1);
            long began = Stopwatch.GetTimestamp();
            long sent = 0;
            while (true)
            {
                long due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * transactionsPerSecond);
                if (due > sent)
                {
                    var sql = new StringBuilder();
                    for (; sent < due; sent++)
                    {
                        sql.Append(Workload.WriteOnlyTransaction(random, 1 + (int)(sent % 4)));
                    }

                    await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(sql.ToString()), cancellationToken);
                }

                await Task.Delay(Tick, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Enough.
        }
    }

    // The first seconds belong to the start of the process and to compiling.
    private static async Task<List<double>> ProbeAsync(MySqlServer source, MySqlServer destination, int seconds, Task load, CancellationToken cancellationToken)
    {
        const int WarmUpSeconds = 5;
        await using var writer = await Recording.OpenAsync(source, cancellationToken);
        await using var reader = await Recording.OpenAsync(destination, cancellationToken);
        var samples = new List<double>();
        long began = Stopwatch.GetTimestamp();
        for (int id = 1; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds + WarmUpSeconds; id++)
        {
            if (load.IsCompleted)
            {
                await load;
            }

            await writer.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO probe VALUES ({id})"), cancellationToken);
            long committed = Stopwatch.GetTimestamp();
            string look = string.Create(CultureInfo.InvariantCulture, $"SELECT id FROM probe WHERE id={id}");
            while ((await reader.QueryRowsAsync(look, cancellationToken)).Count == 0)
            {
                await Task.Delay(1, cancellationToken);
            }

            if (Stopwatch.GetElapsedTime(began).TotalSeconds > WarmUpSeconds)
            {
                samples.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return samples;
    }
}
