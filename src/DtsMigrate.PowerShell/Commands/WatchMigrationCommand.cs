using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Shows a migration as progress until it has reached a point of its journey. Changes nothing; Ctrl+C ends the watching only.</summary>
[Cmdlet(VerbsCommon.Watch, "Migration")]
[OutputType(typeof(MigrationStatus))]
public sealed class WatchMigrationCommand : NamedTaskCommand
{
    /// <summary>What ends the watching: Ended (default), SchemaDone, CopyDone or CaughtUp.</summary>
    [Parameter]
    public WaitUntil Until { get; set; }

    /// <summary>Longest watch of each task in seconds, 1..2592000; without it there is no limit.</summary>
    [Parameter]
    [ValidateRange(1, 2592000)]
    [Alias("TimeoutSec")]
    public int? Timeout { get; set; }

    /// <summary>Gives a status each second, not only the last one.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        var progress = new MigrationProgress(folder.Name);
        (DateTimeOffset, string) last = default;
        try
        {
            RunAsync(async pipeline =>
            {
                MigrationStatus end = await new TaskWaiter(folder, TimeProvider.System).WaitAsync(
                    Until,
                    Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                    status => pipeline.Post(() =>
                    {
                        Write(progress.Show(status, folder.ReadTables()));
                        if (PassThru && (status.UpdatedAt, status.State) != last)
                        {
                            last = (status.UpdatedAt, status.State);
                            WriteObject(status);
                        }
                    }),
                    pipeline.StopToken).ConfigureAwait(false);
                pipeline.Post(() =>
                {
                    if (!PassThru || (end.UpdatedAt, end.State) != last)
                    {
                        WriteObject(end);
                    }
                });
            });
        }
        finally
        {
            if (!Stopping)
            {
                Write(progress.End());
            }
        }
    }

    private void Write(IEnumerable<ProgressRecord> records)
    {
        foreach (ProgressRecord record in records)
        {
            WriteProgress(record);
        }
    }
}
