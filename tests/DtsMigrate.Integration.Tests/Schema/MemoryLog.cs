using System.Collections.Concurrent;
using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Integration.Tests.Schema;

/// <summary>A log that tests can read.</summary>
internal sealed class MemoryLog : IRunLog
{
    public ConcurrentQueue<(LogLevel Level, string Message)> Entries { get; } = new();

    public void Write(LogLevel level, string phase, string message) => Entries.Enqueue((level, message));
}
