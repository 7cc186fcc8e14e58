using Spectre.Console;

namespace DtsMigrate.Worker.Views;

/// <summary>A picture on the terminal that is drawn anew twice a second.</summary>
internal sealed class LiveView(IAnsiConsole console, TimeProvider time) : IRunView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public Task FollowAsync(Func<RunSnapshot?> look, Task running) =>
        console.Live(new Text("Starting ...")).Overflow(VerticalOverflow.Ellipsis).StartAsync(async context =>
        {
            bool goesOn;
            do
            {
                goesOn = await Ticks.NextAsync(running, Interval, time);
                if (look() is { } snapshot)
                {
                    context.UpdateTarget(LivePicture.Draw(snapshot));
                }
            }
            while (goesOn);
        });
}
