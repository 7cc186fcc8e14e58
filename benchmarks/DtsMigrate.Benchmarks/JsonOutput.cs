using System.Text.Json;

namespace DtsMigrate.Benchmarks;

/// <summary>Writes reports for programs.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes a file.</summary>
    public static Task WriteAsync<T>(string file, T report, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, Readable), cancellationToken);
}
