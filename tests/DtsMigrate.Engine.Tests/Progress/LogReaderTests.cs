using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Progress;

public sealed class LogReaderTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void No_log_has_no_entries() => Assert.Empty(new LogReader(_home.Folder(), new LogQuery()).Read());

    [Fact]
    public void Level_time_and_phase_choose_and_the_tail_is_taken_of_what_they_choose()
    {
        TaskFolder folder = _home.Folder();
        DateTimeOffset middle = default;
        using (var log = new RunLog(folder, _time))
        {
            for (int i = 0; i < 6; i++)
            {
                log.Write((LogLevel)(i % 3), i < 3 ? "Schema" : "FullCopy", $"entry {i} ä");
                _time.Advance(TimeSpan.FromSeconds(1));
                middle = i == 2 ? _time.GetUtcNow() : middle;
            }
        }

        Assert.Equal(["entry 1 ä", "entry 2 ä", "entry 4 ä", "entry 5 ä"], Messages(folder, new LogQuery { Level = LogLevel.Warning }));
        Assert.Equal(["entry 3 ä", "entry 4 ä", "entry 5 ä"], Messages(folder, new LogQuery { Since = middle }));
        Assert.Equal(["entry 0 ä", "entry 1 ä", "entry 2 ä"], Messages(folder, new LogQuery { Phases = ["schema"] }));
        Assert.Equal(["entry 5 ä"], Messages(folder, new LogQuery { Level = LogLevel.Warning, Tail = 1 }));
    }

    [Fact]
    public void A_second_look_gives_what_has_come_since_and_no_half_line()
    {
        TaskFolder folder = _home.Folder();
        var reader = new LogReader(folder, new LogQuery());
        using (var log = new RunLog(folder, _time))
        {
            log.Write(LogLevel.Info, "Run", "first");
        }

        Assert.Single(reader.Read());
        string whole = File.ReadAllLines(folder.EventsFile)[0].Replace("first", "second", StringComparison.Ordinal);
        File.AppendAllText(folder.EventsFile, whole[..20]);
        Assert.Empty(reader.Read());
        File.AppendAllText(folder.EventsFile, whole[20..] + "\n");
        Assert.Equal("second", Assert.Single(reader.Read()).Message);
    }

    [Fact]
    public void A_line_that_is_no_entry_is_shown_as_it_is()
    {
        TaskFolder folder = _home.Folder();
        Directory.CreateDirectory(folder.FullPath);
        File.WriteAllText(folder.EventsFile, "torn {\n\0\0\0\n");

        Assert.Equal("Unreadable line: torn {", Assert.Single(new LogReader(folder, new LogQuery()).Read()).Message);
    }

    [Fact]
    public async Task Entries_that_come_are_followed()
    {
        TaskFolder folder = _home.Folder();
        using var log = new RunLog(folder, _time);
        log.Write(LogLevel.Info, "Run", "1");
        using var end = new CancellationTokenSource();
        var seen = new List<string>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (LogEntry entry in new LogReader(folder, new LogQuery()).FollowAsync(TimeProvider.System, end.Token))
            {
                seen.Add(entry.Message);
                if (seen.Count == 3)
                {
                    await end.CancelAsync();
                }
                else
                {
                    log.Write(LogLevel.Info, "Run", $"{seen.Count + 1}");
                }
            }
        });

        Assert.Equal(["1", "2", "3"], seen);
    }

    private static string[] Messages(TaskFolder folder, LogQuery query) => [.. new LogReader(folder, query).Read().Select(entry => entry.Message)];
}
