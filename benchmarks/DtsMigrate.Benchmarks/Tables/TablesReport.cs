using System.Globalization;
using System.Text;

namespace DtsMigrate.Benchmarks.Tables;

/// <summary>What <c>tables</c> measured.</summary>
/// <param name="MySqlVersion">Version of both servers.</param>
/// <param name="Cores">Processors, shared by the servers and the engine.</param>
/// <param name="Tables">Number of tables.</param>
/// <param name="Lines">One for each step.</param>
internal sealed record TablesReport(string MySqlVersion, int Cores, int Tables, IReadOnlyList<TablesLine> Lines)
{
    /// <summary>The report as a table in Markdown.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Tables:N0} tables, MySQL {MySqlVersion}, {Cores} cores for both servers and the engine");
        text.AppendLine();
        text.AppendLine("| step | wall s | engine CPU s | engine peak MB | source statements | destination statements |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (var line in Lines)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {line.What} | {line.Seconds:F1} | {line.EngineCpuSeconds:F1} | {line.PeakMemoryMb:F0} | {line.SourceStatements:N0} | {line.DestinationStatements:N0} |");
        }

        return text.ToString();
    }
}
