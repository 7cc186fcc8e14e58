using System.Management.Automation;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Shows the DDL statements of the source that a task has met, and what became of each on the destination, oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationDdl")]
[OutputType(typeof(MigrationDdlInfo))]
public sealed class GetMigrationDdlCommand : NamedTaskCommand
{
    /// <summary>Only those that came to this.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public DdlOutcome[]? Outcome { get; set; }

    /// <summary>Only the last ones of each task.</summary>
    [Parameter]
    [AllowedRange(1, 1_000_000)]
    public int? Tail { get; set; }

    /// <summary>Account of the destination, which has the log, for a task without a reference to its password. Kept in memory only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? DestinationCredential { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        RunAsync(async pipeline =>
        {
            var secrets = new TaskSecrets(task, folder, pipeline, source: null, DestinationCredential);
            IEnumerable<DdlRecord> log = await DdlLog.ReadAsync(task, secrets.Resolver, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
            log = Outcome is null ? log : log.Where(entry => Outcome.Contains(entry.Outcome));
            foreach (DdlRecord entry in Tail is { } last ? log.TakeLast(last) : log)
            {
                pipeline.Post(() => WriteObject(MigrationDdlInfo.From(task.Name, entry)));
            }
        });
    }
}
