using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Worker.Views;

/// <summary>One status object a line, each second and at the end.</summary>
internal sealed class JsonView(TextWriter output, TimeProvider time) : IRunView
{
    public async Task FollowAsync(Func<RunSnapshot?> look, Task running)
    {
        bool goesOn;
        do
        {
            goesOn = await Ticks.NextAsync(running, TimeSpan.FromSeconds(1), time);
            if (look() is { } snapshot)
            {
                await output.WriteLineAsync(TaskJson.Write(snapshot.Status));
                await output.FlushAsync();
            }
        }
        while (goesOn);
    }
}
