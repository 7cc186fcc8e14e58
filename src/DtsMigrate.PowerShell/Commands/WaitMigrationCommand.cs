using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Waits until migrations have reached a point of their journey.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Migration")]
[OutputType(typeof(MigrationStatus))]
public sealed class WaitMigrationCommand : NamedTaskCommand
{
    /// <summary>What is waited for: Ended (default), SchemaDone, CopyDone or CaughtUp.</summary>
    [Parameter]
    public WaitUntil Until { get; set; }

    /// <summary>Longest wait for each task in seconds, 1..2592000; without it there is no limit.</summary>
    [Parameter]
    [ValidateRange(1, 2592000)]
    [Alias("TimeoutSec")]
    public int? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder) => RunAsync(async pipeline =>
    {
        MigrationStatus status = await new TaskWaiter(folder, TimeProvider.System)
            .WaitAsync(Until, Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, seen: null, pipeline.StopToken).ConfigureAwait(false);
        pipeline.Post(() => WriteObject(status));
    });
}
