using System.Text.Json;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Hosting;

/// <summary>The worker's only word to its launcher, one line on its standard output: it is at work, or why it is not.</summary>
public sealed record WorkerReply
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
    public static WorkerReply From(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var own = e as DtsMigrateException;
        return new() { Code = own?.Code ?? e.GetType().Name, Message = e.Message, RecommendedAction = own?.RecommendedAction, Target = own?.Target };
    }

    /// <summary>Reads a line; null when it is not a reply.</summary>
    public static WorkerReply? Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize(line, TaskJsonContext.Default.WorkerReply) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The error as the launcher throws it.</summary>
    public DtsMigrateException ToException() => new(Code ?? "WorkerFailed", Message ?? "The worker failed.") { RecommendedAction = RecommendedAction, Target = Target };

    /// <summary>The line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, TaskJsonContext.Default.WorkerReply);
}
