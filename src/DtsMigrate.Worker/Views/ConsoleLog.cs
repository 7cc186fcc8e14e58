using System.Globalization;
using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Worker.Views;

/// <summary>Log of a worker that has no task folder: lines of text. Thread safe.</summary>
internal sealed class ConsoleLog(TextWriter output, TimeProvider time) : IRunLog
{
    private readonly Lock _gate = new();

    public void Write(LogLevel level, string phase, string message)
    {
        string at = time.GetUtcNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            output.WriteLine($"{at}Z {level} {phase}: {message}");
            output.Flush();
        }
    }
}
