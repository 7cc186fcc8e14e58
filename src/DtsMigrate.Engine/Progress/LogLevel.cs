namespace DtsMigrate.Engine.Progress;

/// <summary>Level of a log entry.</summary>
public enum LogLevel
{
    /// <summary>Normal progress.</summary>
    Info,

    /// <summary>Something to know about.</summary>
    Warning,

    /// <summary>A failure.</summary>
    Error,
}
