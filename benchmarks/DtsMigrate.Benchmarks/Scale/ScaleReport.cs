using System.Globalization;
using System.Text;

namespace DtsMigrate.Benchmarks.Scale;

/// <summary>What <c>scale</c> measured.</summary>
/// <param name="MySqlVersion">Version of both servers.</param>
/// <param name="Cores">Processors, shared by the servers and the engine.</param>
/// <param name="Lines">One for each size.</param>
internal sealed record ScaleReport(string MySqlVersion, int Cores, IReadOnlyList<ScaleLine> Lines)
{
    /// <summary>The report as a table in Markdown.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"MySQL {MySqlVersion}, {Cores} cores for both servers and the engine");
        text.AppendLine();
        text.AppendLine("| what | MB | rows | wall s | MB/s | engine CPU s | engine CPU s/GB | engine peak MB | destination CPU s/GB | CPU s of others | load before |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var line in Lines)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {line.What} | {line.Engine.BytesCopied / 1e6:F0} | {line.Engine.RowsCopied:N0} | {line.Used.WallSeconds:F1} | {line.MegabytesPerSecond:F1} | {line.Used.ClientCpuSeconds:F2} | {line.EngineCpuPerGb:F2} | {line.Engine.PeakMemoryMb:F0} | {line.DestinationCpuPerGb:F1} | {line.Used.ForeignCpuSeconds:F1} | {line.Used.LoadBefore:F1} |");
        }

        return text.ToString();
    }
}
