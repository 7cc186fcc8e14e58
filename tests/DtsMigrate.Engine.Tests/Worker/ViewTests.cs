using System.Text.Json;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Worker.Views;
using Spectre.Console;

namespace DtsMigrate.Engine.Tests.Worker;

public class ViewTests
{
    private static readonly MigrationStatus Copying = new()
    {
        Name = "shop",
        State = "FullCopy",
        Phase = "FullCopy",
        Percent = 43.4,
        TablesDone = 1,
        TablesTotal = 2,
        RowsCopied = 4600,
        RowsTotalEstimate = 10_600,
        RowsPerSecond = 1000,
        MegabytesPerSecond = 2,
        EtaSeconds = 66,
        Message = "Copying.",
    };

    private static readonly MigrationStatus Streaming = Copying with
    {
        State = "Replicating",
        Phase = "Replicating",
        TablesDone = 2,
        Percent = 100,
        EtaSeconds = null,
        LagSeconds = 0,
        ChangesApplied = 12_345,
        ChangesPerSecond = 230,
        Position = "gtid:a:1-5",
    };

    [Fact]
    public void A_line_says_what_counts_in_each_state()
    {
        Assert.Equal("FullCopy | 43.4 %, 4,600 of about 10,600 rows | 1,000 rows/s, 2.0 MB/s | tables 1/2 | ETA 0:01:06", StatusText.Line(Copying));
        Assert.Equal("Replicating | lag 0 s, 12,345 changes applied, 230 changes/s", StatusText.Line(Streaming));
        Assert.Equal("Stopped | Stopped by the user.", StatusText.Line(Copying with { State = "Stopped", Message = "Stopped by the user.", EtaSeconds = null }));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.25, "0.3 s")]
    [InlineData(59, "59 s")]
    [InlineData(3661, "1:01:01")]
    [InlineData(90061, "1 d 1:01:01")]
    public void Durations_are_readable(double seconds, string text) => Assert.Equal(text, StatusText.Duration(seconds));

    [Fact]
    public async Task Plain_lines_come_only_when_something_changed()
    {
        var looks = new Queue<MigrationStatus>([Copying, Copying, Copying, Streaming, Streaming]);
        var running = new TaskCompletionSource();
        using var output = new StringWriter();

        await new PlainView(output, new AutoTime()).FollowAsync(
            () =>
            {
                if (looks.TryDequeue(out MigrationStatus? status))
                {
                    return new RunSnapshot(status, []);
                }

                running.TrySetResult();
                return null;
            },
            running.Task);

        Assert.Equal(["FullCopy", "Replicating"], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public async Task JSON_lines_are_one_object_each_and_end_with_the_last_status()
    {
        using var output = new StringWriter();
        await new JsonView(output, new AutoTime()).FollowAsync(() => new RunSnapshot(Streaming, []), Task.FromException(new InvalidOperationException()));

        using JsonDocument document = JsonDocument.Parse(Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(0, document.RootElement.GetProperty("lagSeconds").GetDouble());
    }

    [Fact]
    public void The_picture_shows_state_tables_and_stream_and_takes_names_as_they_are()
    {
        string picture = Draw(new RunSnapshot(
            Streaming with { Name = "[shop]", Error = "no [such] thing" },
            [new TableStatus { Task = "shop", Table = "shop.[a]", Destination = "x", State = "Copying", Percent = 50, Rows = 1234, RowsPerSecond = 10 }]));

        foreach (string text in new[] { "[shop]", "Replicating", "shop.[a]", "1,234", "lag 0 s", "gtid:a:1-5", "no [such] thing", "50.0 %" })
        {
            Assert.Contains(text, picture, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_many_tables_the_busiest_are_shown()
    {
        List<TableStatus> tables = [.. Enumerable.Range(0, 40).Select(i => new TableStatus
        {
            Task = "t", Table = $"t{i}", Destination = "x", State = i % 2 == 0 ? "Pending" : "Copying", RowsPerSecond = i,
        })];

        Assert.Equal(["t39", "t37", "t35"], LivePicture.Busiest(tables).Take(3).Select(table => table.Table));
        Assert.Equal(15, LivePicture.Busiest(tables).Count());
        Assert.Contains("and 25 tables more", Draw(new RunSnapshot(Copying, tables)), StringComparison.Ordinal);
    }

    private static string Draw(RunSnapshot snapshot)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = 140;
        console.Write(LivePicture.Draw(snapshot));
        return writer.ToString();
    }
}
