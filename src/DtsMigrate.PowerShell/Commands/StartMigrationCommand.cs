using System.Management.Automation;
using DtsMigrate.Engine.Progress;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Starts a migration, or resumes it where it was.</summary>
[Cmdlet(VerbsLifecycle.Start, "Migration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = DetachedSet)]
[OutputType(typeof(MigrationStatus), typeof(Job))]
public sealed class StartMigrationCommand : RunMigrationCommand
{
    /// <inheritdoc/>
    protected override string Action => "Start the migration";
}
