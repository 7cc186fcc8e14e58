using System.Globalization;

namespace DtsMigrate.Worker.Views;

/// <summary>A line of text when something has changed, at most one a second: for logs and pipes.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider time) : IRunView
{
    public async Task FollowAsync(Func<RunSnapshot?> look, Task running)
    {
        string last = string.Empty;
        bool goesOn;
        do
        {
            goesOn = await Ticks.NextAsync(running, TimeSpan.FromSeconds(1), time);
            if (look() is { } snapshot && StatusText.ChangeKey(snapshot.Status) is var key && key != last)
            {
                last = key;
                string line = StatusText.Line(snapshot.Status);
                await output.WriteLineAsync($"{time.GetUtcNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}Z {line}");
                await output.FlushAsync();
            }
        }
        while (goesOn);
    }
}
