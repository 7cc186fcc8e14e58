using DtsMigrate.Engine.Progress;

namespace DtsMigrate.PowerShell;

/// <summary>An entry of a task's log as the pipeline sees it.</summary>
public sealed record MigrationLogEntry
{
    /// <summary>Task.</summary>
    public required string Name { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Info, Warning or Error.</summary>
    public required string Level { get; init; }

    /// <summary>Phase, for example <c>FullCopy</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>What happened.</summary>
    public required string Message { get; init; }

    internal static MigrationLogEntry From(string task, LogEntry entry) =>
        new() { Name = task, Time = entry.Time, Level = entry.Level.ToString(), Phase = entry.Phase, Message = entry.Message };
}
