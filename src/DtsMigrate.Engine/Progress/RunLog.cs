using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Progress;

/// <summary>
/// Appends to <c>events.jsonl</c>: one object a line with time, level, phase and message, in the file before the call returns. Thread safe.
/// </summary>
public sealed class RunLog : IRunLog, IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private readonly SecretMask _mask = new();

    /// <summary>Opens the log for appending.</summary>
    public RunLog(TaskFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.Prepare();
        _time = time;
        _stream = new FileStream(folder.EventsFile, AtomicFile.Create(FileMode.Append));
    }

    /// <summary>Secrets of this run; should one ever stand in a message, stars stand there instead.</summary>
    public void Redact(Secret secret) => _mask.Add(secret);

    /// <inheritdoc/>
    public void Write(LogLevel level, string phase, string message)
    {
        lock (_gate)
        {
            string text = _mask.Apply(message);
            byte[] line = Encoding.UTF8.GetBytes(TaskJson.Write(new LogEntry(_time.GetUtcNow(), level, phase, text)) + "\n");
            _stream.Write(line);
            _stream.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
