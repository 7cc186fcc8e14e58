using DtsMigrate.Engine;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate throttle</c>: changes what is named and shows the limits.</summary>
internal sealed class ThrottleCommand(Arguments arguments, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        TaskFolder folder = new TaskHome(arguments.Home).Folder(arguments.Operand);
        ThrottleLimits limits = arguments.Throttle == new ThrottleChange()
            ? folder.ReadTask().Options.Throttle
            : await MigrationControl.SetThrottleAsync(folder, arguments.Throttle, TimeProvider.System, cancellationToken);
        await output.WriteLineAsync(limits.ToString() is { Length: > 0 } words ? $"Throttle: {words}." : "No throttle.");
        return ExitCode.Done;
    }
}
