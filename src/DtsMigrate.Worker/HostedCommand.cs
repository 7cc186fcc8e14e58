using DtsMigrate.Engine.Hosting;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate hosted</c>: the worker that Start-Migration launches. Not for use by hand: it waits for its launcher's word on standard input.</summary>
internal sealed class HostedCommand(Arguments arguments)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var worker = new HostedWorker(new TaskHome(arguments.Home).Folder(arguments.Operand), arguments.Until);
        return await worker.RunAsync(cancellationToken) ? ExitCode.Done : ExitCode.Failed;
    }
}
