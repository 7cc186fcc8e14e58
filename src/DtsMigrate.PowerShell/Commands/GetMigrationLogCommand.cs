using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Reads the logs of tasks, oldest entry first.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationLog")]
[OutputType(typeof(MigrationLogEntry))]
public sealed class GetMigrationLogCommand : NamedTaskCommand
{
    /// <summary>Only the last entries that match; 1..1000000.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(1, 1000000)]
    public int? Tail { get; set; }

    /// <summary>Goes on with the entries that come, until Ctrl+C.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>The least level: Info (default), Warning or Error.</summary>
    [Parameter]
    public LogLevel Level { get; set; }

    /// <summary>Only entries of this time and later.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only entries of these phases, for example FullCopy.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Phase { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        var reader = new LogReader(folder, new LogQuery { Tail = Tail, Level = Level, Since = Since, Phases = Phase });
        if (!Wait)
        {
            WriteObject(reader.Read().Select(entry => MigrationLogEntry.From(folder.Name, entry)), enumerateCollection: true);
            return;
        }

        RunAsync(async pipeline =>
        {
            await foreach (LogEntry entry in reader.FollowAsync(TimeProvider.System, pipeline.StopToken).ConfigureAwait(false))
            {
                pipeline.Post(() => WriteObject(MigrationLogEntry.From(folder.Name, entry)));
            }
        });
    }
}
