using System.Text.Json;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>The worker's only word to its launcher, one line on its standard output: it is at work, or why it is not.</summary>
internal sealed record WorkerReply
{
    /// <summary>True when the worker has the task and is on its way.</summary>
    public bool Ready { get; init; }

    /// <summary>Code of the error.</summary>
    public string? Code { get; init; }

    /// <summary>Text of the error.</summary>
    public string? Message { get; init; }

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>Object concerned.</summary>
    public string? Target { get; init; }

    /// <summary>The reply for an error.</summary>
    public static WorkerReply From(Exception e) => new()
    {
        Code = (e as DtsMigrateException)?.Code ?? e.GetType().Name,
        Message = e.Message,
        RecommendedAction = (e as DtsMigrateException)?.RecommendedAction,
        Target = (e as DtsMigrateException)?.Target,
    };

    /// <summary>Reads a line; null when it is not a reply.</summary>
    public static WorkerReply? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<WorkerReply>(line) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The error as the launcher throws it.</summary>
    public DtsMigrateException ToException() => new(Code ?? "WorkerFailed", Message ?? "The worker failed.") { RecommendedAction = RecommendedAction, Target = Target };

    /// <summary>The line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this);
}
