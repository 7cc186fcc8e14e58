using System.Management.Automation;
using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Tells how large tasks are and about how long they will take, by the source's own estimates. Changes nothing on either server.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Migration")]
[OutputType(typeof(AssessmentReport))]
public sealed class MeasureMigrationCommand : ServerTaskCommand
{
    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        RunAsync(async pipeline =>
        {
            var secrets = Secrets(task, folder, pipeline);
            await secrets.ResolveAsync(pipeline.StopToken).ConfigureAwait(false);
            AssessmentReport report = await MigrationAssessment.RunAsync(task, folder, secrets.Resolver, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
            pipeline.Post(() => WriteObject(report));
        });
    }
}
