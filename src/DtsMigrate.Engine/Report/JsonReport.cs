using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Report;

/// <summary>The report as JSON: camelCase, enums by name, indented.</summary>
public static class JsonReport
{
    /// <summary>Writes it.</summary>
    public static string Write(ReportData data) => TaskJson.WriteIndented(data) + "\n";
}
