using System.Text.Json;
using System.Text.Json.Serialization;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>
/// The passwords on their way from launcher to worker: one line on the worker's standard input, which is a pipe that no other process has. No file, no argument, no environment.
/// </summary>
internal sealed record WorkerHandover
{
    [JsonInclude]
    private string Source { get; init; } = string.Empty;

    [JsonInclude]
    private string Destination { get; init; } = string.Empty;

    [JsonInclude]
    private string? Mail { get; init; }

    /// <summary>Packs the passwords.</summary>
    public static WorkerHandover From(Secret source, Secret destination, Secret? mail) => new() { Source = source.Reveal(), Destination = destination.Reveal(), Mail = mail?.Reveal() };

    /// <summary>Reads a line; null when it is not one of ours.</summary>
    public static WorkerHandover? Parse(string? line)
    {
        try
        {
            return line is null ? null : JsonSerializer.Deserialize<WorkerHandover>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Unpacks them.</summary>
    public (Secret Source, Secret Destination, Secret? Mail) Open() => (Secret.From(Source), Secret.From(Destination), Mail is null ? null : Secret.From(Mail));

    /// <summary>The line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <inheritdoc/>
    public override string ToString() => nameof(WorkerHandover);
}
