using System.Globalization;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Worker.Views;

/// <summary>A line when a copying worker's state changes, every few seconds while it copies, and at the end: text, or a JSON object.</summary>
internal sealed class CopyRoleView(TextWriter output, bool json, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Shows the run until it has ended, and how it ended. Never throws what the run throws.</summary>
    public async Task FollowAsync(Func<CopyRoleStatus> look, Task running)
    {
        CopyRoleStatus? last = null;
        long shown = time.GetTimestamp();
        bool goesOn;
        do
        {
            goesOn = await Ticks.NextAsync(running, Tick, time);
            var now = look();
            bool turned = last is null || now.State != last.State || now.Message != last.Message;
            bool due = now.RowsCopied != last?.RowsCopied && time.GetElapsedTime(shown) >= Period;
            if (turned || due || !goesOn)
            {
                await output.WriteLineAsync(json ? TaskJson.Write(now) : Line(now));
                await output.FlushAsync();
                (last, shown) = (now, time.GetTimestamp());
            }
        }
        while (goesOn);
    }

    /// <summary>A status in one line.</summary>
    internal static string Line(CopyRoleStatus status)
    {
        var parts = new List<string>
        {
            status.State,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Chunks:N0} chunks, {status.RowsCopied:N0} rows, {status.BytesCopied / 1e6:N1} MB in {StatusText.Duration(status.ElapsedSeconds)}"),
        };
        if (status.State == "Copying")
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{status.RowsPerSecond:N0} rows/s, {status.MegabytesPerSecond:N1} MB/s"));
        }

        if (status.Message.Length > 0)
        {
            parts.Add(status.Message);
        }

        if (status.ThrottleReason is { } slowed)
        {
            parts.Add(slowed);
        }

        return $"{status.UpdatedAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}Z {string.Join(" | ", parts)}";
    }
}
