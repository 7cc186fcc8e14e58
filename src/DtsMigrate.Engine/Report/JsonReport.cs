using System.Text.Json;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Report;

/// <summary>The report as JSON: camelCase, enums by name, indented.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new(TaskJson.Options) { WriteIndented = true };

    /// <summary>Writes it.</summary>
    public static string Write(ReportData data) => JsonSerializer.Serialize(data, Indented) + "\n";
}
