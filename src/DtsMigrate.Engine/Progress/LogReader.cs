using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Progress;

/// <summary>Reads <c>events.jsonl</c>, also while a worker writes it. A last line without its end is left for the next look.</summary>
public sealed class LogReader
{
    private const int BlockLength = 64 << 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly TaskFolder _folder;
    private readonly LogQuery _query;
    private long _offset;

    /// <summary>Creates the reader of a task's log.</summary>
    public LogReader(TaskFolder folder, LogQuery query)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(query);
        _folder = folder;
        _query = query;
    }

    /// <summary>The entries that are wanted and there, oldest first; empty when there is no log yet. Called again, those that have come since.</summary>
    public IReadOnlyList<LogEntry> Read()
    {
        var wanted = new Queue<LogEntry>();
        foreach (LogEntry entry in Lines())
        {
            if (!_query.Takes(entry))
            {
                continue;
            }

            wanted.Enqueue(entry);
            if (_query.Tail is { } tail && wanted.Count > tail)
            {
                wanted.Dequeue();
            }
        }

        return [.. wanted];
    }

    /// <summary>The entries that are there, and those that come, until cancelled; ends with an <see cref="OperationCanceledException"/> then.</summary>
    public async IAsyncEnumerable<LogEntry> FollowAsync(TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            foreach (LogEntry entry in Read())
            {
                yield return entry;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private IEnumerable<LogEntry> Lines()
    {
        using FileStream? stream = Open();
        if (stream is null)
        {
            yield break;
        }

        // A log that became shorter is another one: the task was removed and defined anew.
        _offset = stream.Length < _offset ? 0 : _offset;
        stream.Position = _offset;
        var line = new ArrayBufferWriter<byte>();
        byte[] block = new byte[BlockLength];
        int count;
        while ((count = stream.Read(block)) > 0)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(block, (byte)'\n', start, count - start)) >= 0; start = end + 1)
            {
                line.Write(block.AsSpan(start, end - start));
                _offset += line.WrittenCount + 1;
                LogEntry? entry = Parse(line.WrittenSpan);
                line.ResetWrittenCount();
                if (entry is not null)
                {
                    yield return entry;
                }
            }

            line.Write(block.AsSpan(start, count - start));
        }
    }

    // A power cut may leave half a line in the middle: it must not hide what was written after it.
    private static LogEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, TaskJson.Type<LogEntry>());
        }
        catch (JsonException)
        {
            string text = Encoding.UTF8.GetString(line).Trim('\0', ' ', '\r');
            return text.Length == 0 ? null : new LogEntry(default, LogLevel.Warning, "Log", $"Unreadable line: {text}");
        }
    }

    private FileStream? Open()
    {
        try
        {
            return AtomicFile.Open(_folder.EventsFile);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
