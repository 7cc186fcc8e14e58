namespace DtsMigrate.Engine.Progress;

/// <summary>The task's log: <c>events.jsonl</c>, written synchronously, never with a secret.</summary>
public interface IRunLog
{
    /// <summary>Writes an entry.</summary>
    /// <param name="level">Level.</param>
    /// <param name="phase">Phase, for example <c>FullCopy</c>.</param>
    /// <param name="message">What happened.</param>
    void Write(LogLevel level, string phase, string message);
}
