using System.Text.Json;
using DtsMigrate.Worker.Views;

namespace DtsMigrate.Engine.Tests.Worker;

public class CopyRoleViewTests
{
    private static readonly CopyRoleStatus Copying = new()
    {
        Name = "shop",
        State = "Copying",
        Message = string.Empty,
        Chunks = 12,
        RowsCopied = 34_000,
        BytesCopied = 56_780_000,
        RowsPerSecond = 1000,
        MegabytesPerSecond = 2,
        ElapsedSeconds = 75,
        Host = "h",
        UpdatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    [Fact]
    public void A_line_says_what_this_worker_has_done()
    {
        Assert.Equal("03:04:05Z Copying | 12 chunks, 34,000 rows, 56.8 MB in 0:01:15 | 1,000 rows/s, 2.0 MB/s | slow", CopyRoleView.Line(Copying with { ThrottleReason = "slow" }));
        Assert.Equal("03:04:05Z Completed | 12 chunks, 34,000 rows, 56.8 MB in 0:01:15 | Done.", CopyRoleView.Line(Copying with { State = "Completed", Message = "Done." }));
    }

    [Fact]
    public async Task The_end_is_shown_even_when_the_run_fails_before_the_first_look()
    {
        using var output = new StringWriter();
        await new CopyRoleView(output, json: true, TimeProvider.System).FollowAsync(() => Copying with { State = "Failed" }, Task.FromException(new InvalidOperationException()));
        Assert.Equal("Failed", JsonDocument.Parse(output.ToString()).RootElement.GetProperty("state").GetString());
    }
}
