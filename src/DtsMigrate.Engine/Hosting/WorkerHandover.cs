using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Hosting;

/// <summary>
/// The passwords on their way from launcher to worker: one line on the worker's standard input, which is a pipe that no other process has. No file, no argument, no environment.
/// </summary>
public sealed record WorkerHandover
{
    [JsonInclude]
    internal string Source { get; init; } = string.Empty;

    [JsonInclude]
    internal string Destination { get; init; } = string.Empty;

    [JsonInclude]
    internal string? Mail { get; init; }

    /// <summary>Version of the launcher's engine.</summary>
    [JsonInclude]
    internal string Version { get; init; } = string.Empty;

    private static string OwnVersion { get; } = typeof(WorkerHandover).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;

    /// <summary>Packs the passwords.</summary>
    public static WorkerHandover From(Secret source, Secret destination, Secret? mail)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        return new() { Source = source.Reveal(), Destination = destination.Reveal(), Mail = mail?.Reveal(), Version = OwnVersion };
    }

    /// <summary>Reads a line; null when it is not one of ours.</summary>
    public static WorkerHandover? Parse(string? line)
    {
        try
        {
            return line is null ? null : JsonSerializer.Deserialize(line, TaskJsonContext.Default.WorkerHandover);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Unpacks them.</summary>
    /// <exception cref="DtsMigrateException">WorkerVersionDiffers: launcher and worker are of different builds, whose task folders and progress may differ.</exception>
    public (Secret Source, Secret Destination, Secret? Mail) Open() => Version == OwnVersion
        ? (Secret.From(Source), Secret.From(Destination), Mail is null ? null : Secret.From(Mail))
        : throw new DtsMigrateException("WorkerVersionDiffers", $"The worker is of version '{OwnVersion}', the module that launches it of version '{Version}'.")
        {
            RecommendedAction = "Take both from one build. DTSMIGRATE_HOST names the worker's program; without it the module's own is used.",
        };

    /// <summary>The line: plain ASCII, as the pipe's encoding is the platform's.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, TaskJsonContext.Default.WorkerHandover);

    /// <inheritdoc/>
    public override string ToString() => nameof(WorkerHandover);
}
