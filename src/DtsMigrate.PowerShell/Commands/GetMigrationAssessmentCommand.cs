using System.Management.Automation;
using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Assesses tasks before their start: what the destination will take otherwise than the source. Changes nothing on either server and blocks nothing.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationAssessment")]
[OutputType(typeof(AssessmentItem))]
public sealed class GetMigrationAssessmentCommand : ServerTaskCommand
{
    /// <summary>Only findings that matter so much.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public AssessmentSeverity[]? Severity { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        RunAsync(async pipeline =>
        {
            var secrets = Secrets(task, folder, pipeline);
            await secrets.ResolveAsync(pipeline.StopToken).ConfigureAwait(false);
            AssessmentReport report = await MigrationAssessment.RunAsync(task, folder, secrets.Resolver, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
            foreach (AssessmentItem item in report.Items.Where(item => Severity is null || Severity.Any(severity => severity.ToString() == item.Severity)))
            {
                pipeline.Post(() => WriteObject(item));
            }
        });
    }
}
