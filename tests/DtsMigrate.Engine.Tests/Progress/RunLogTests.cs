using System.Text.Json;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Progress;

public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly AutoTime _time = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_line_is_in_the_file_before_the_call_returns()
    {
        using var log = new RunLog(_home.Folder(), _time);
        log.Write(LogLevel.Warning, "FullCopy", "line one\nand \"two\"");

        string line = Assert.Single(Lines());

        using JsonDocument document = JsonDocument.Parse(line);
        Assert.Equal("Warning", document.RootElement.GetProperty("level").GetString());
        Assert.Equal("FullCopy", document.RootElement.GetProperty("phase").GetString());
        Assert.Equal("line one\nand \"two\"", document.RootElement.GetProperty("message").GetString());
        Assert.Equal(_time.GetUtcNow(), document.RootElement.GetProperty("time").GetDateTimeOffset());
    }

    [Fact]
    public void A_later_run_appends()
    {
        using (var log = new RunLog(_home.Folder(), _time))
        {
            log.Write(LogLevel.Info, "a", "1");
        }

        using (var log = new RunLog(_home.Folder(), _time))
        {
            log.Write(LogLevel.Info, "a", "2");
        }

        Assert.Equal(2, Lines().Count);
    }

    [Fact]
    public void A_secret_does_not_get_through()
    {
        using var log = new RunLog(_home.Folder(), _time);
        log.Redact(Secret.From("hunter2\"x"));
        log.Redact(Secret.Empty);
        log.Write(LogLevel.Error, "a", "before hunter2\"x after");

        Assert.Contains("before ****** after", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_many_threads_stay_whole()
    {
        using var log = new RunLog(_home.Folder(), _time);
        Parallel.For(0, 200, i => log.Write(LogLevel.Info, "a", new string('x', i)));

        Assert.Equal(200, Lines().Select(line => JsonSerializer.Deserialize<LogEntry>(line, TaskJson.Options)!.Message.Length).Distinct().Count());
    }

    private List<string> Lines()
    {
        using var reader = new StreamReader(AtomicFile.Open(_home.Folder().EventsFile));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
