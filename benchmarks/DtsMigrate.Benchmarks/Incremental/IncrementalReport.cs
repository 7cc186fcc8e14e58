using System.Globalization;
using System.Text;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>All that was measured.</summary>
/// <param name="MySqlVersion">Version of both servers.</param>
/// <param name="Cores">Processors of the machine.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Scale">Size of the workloads.</param>
/// <param name="Lines">Runs.</param>
/// <param name="Decodes">Decoding alone, by letter.</param>
/// <param name="Lag">Lag under a steady load; null when not measured.</param>
internal sealed record IncrementalReport(
    string MySqlVersion, int Cores, DateTimeOffset StartedAt, double Scale, IReadOnlyList<ContenderLine> Lines, IReadOnlyDictionary<char, DecodeRun> Decodes, LagRun? Lag)
{
    /// <summary>Highest memory of the engine that is allowed, MiB.</summary>
    private const double MostMemoryMb = 250;

    private const double MedianBarMs = 50;
    private const double P99BarMs = 250;
    private const double DecodeBar = 200;

    /// <summary>The report in Markdown.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        Line(text, $"MySQL {MySqlVersion}, {Cores} cores for both servers and the engine, {StartedAt:u}, scale {Scale}");
        text.AppendLine();
        text.AppendLine("| workload | contender | s | changes/s | engine CPU s | engine peak MB | destination CPU s | CPU s of others |");
        text.AppendLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var line in Lines)
        {
            Line(text, $"| {line.Workload} | {line.Contender} | {line.Seconds:F1} | {line.ChangesPerSecond:N0} | {Number(line.Engine?.CpuSeconds)} | {Number(line.Engine?.PeakMemoryMb)} | {Number(line.Used.DestinationCpuSeconds)} | {Number(line.Used.ForeignCpuSeconds)} |");
        }

        text.AppendLine();
        text.AppendLine("| bar | wanted | measured | met |");
        text.AppendLine("|---|---:|---:|---|");
        foreach (char letter in Lines.Select(line => line.Workload).Distinct())
        {
            Bars(text, letter);
        }

        foreach (var (letter, decode) in Decodes)
        {
            double perCore = decode.Bytes / 1e6 / decode.CpuSeconds;
            Bar(text, $"{letter}: decode alone, MB per CPU second ({decode.Bytes / 1e6 / decode.Seconds:F0} MB/s on the clock, {(double)decode.AllocatedBytes / decode.Rows:F0} bytes allocated per row)", DecodeBar, perCore, perCore >= DecodeBar);
        }

        if (Lines.Where(line => line.Engine is not null).Select(line => line.Engine!.PeakMemoryMb).DefaultIfEmpty().Max() is > 0 and var peak)
        {
            Bar(text, $"engine memory, MiB", MostMemoryMb, peak, peak <= MostMemoryMb);
        }

        if (Lag is { } lag)
        {
            Bar(text, $"lag at {lag.TransactionsPerSecond:F0} transactions/s, median ms ({lag.Samples} samples)", MedianBarMs, lag.MedianMs, lag.MedianMs <= MedianBarMs);
            Bar(text, $"lag, 99th percentile ms (largest {lag.LargestMs:F0})", P99BarMs, lag.P99Ms, lag.P99Ms <= P99BarMs);
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Bar(StringBuilder text, FormattableString what, double wanted, double measured, bool met) =>
        Line(text, $"| {what.ToString(CultureInfo.InvariantCulture)} | {wanted:F1} | {measured:F1} | {(met ? "yes" : "NO")} |");

    private static string Number(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";

    private void Bars(StringBuilder text, char letter)
    {
        if (Seconds(letter, Contenders.Replica(4)) is { } replica && Seconds(letter, Contenders.Default) is { } ours)
        {
            double bar = Workload.Create(letter, Scale).Bar;
            Bar(text, $"{letter}: times as fast as the replica with 4 workers", bar, replica / ours, replica / ours >= bar);
        }

        // The commit order is kept by all of them; with one worker there is nothing to reorder.
        if (letter == 'A' && Seconds(letter, Contenders.Preserving) is { } preserving && Seconds(letter, Contenders.Replica(4)) is { } ordered)
        {
            Bar(text, $"A: transaction-preserving, times as fast as the replica with 4 workers, commit order kept", 1, ordered / preserving, ordered >= preserving);
        }
    }

    private double? Seconds(char letter, string contender) => Lines.FirstOrDefault(line => line.Workload == letter && line.Contender == contender)?.Seconds;
}
