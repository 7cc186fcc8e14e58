using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Waits until migrations have reached a point of their journey.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Migration")]
[OutputType(typeof(MigrationStatus))]
public sealed class WaitMigrationCommand : TaskNameCommand
{
    /// <summary>Names or patterns of tasks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>What is waited for: Ended (default), SchemaDone, CopyDone or CaughtUp.</summary>
    [Parameter]
    public WaitUntil Until { get; set; }

    /// <summary>Longest wait for each task in seconds, 1..2592000; without it there is no limit.</summary>
    [Parameter]
    [ValidateRange(1, 2592000)]
    [Alias("TimeoutSec")]
    public int? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (TaskFolder folder in Resolve(Name))
        {
            ForInput(folder.Name, () => RunAsync(async pipeline =>
            {
                MigrationStatus status = await new TaskWaiter(folder, TimeProvider.System)
                    .WaitAsync(Until, Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, seen: null, pipeline.StopToken).ConfigureAwait(false);
                pipeline.Post(() => WriteObject(status));
            }));
        }
    }
}
