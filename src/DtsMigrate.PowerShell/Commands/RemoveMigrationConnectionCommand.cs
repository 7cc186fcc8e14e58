using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Removes named connections. Tasks that were made with them keep what they took.</summary>
[Cmdlet(VerbsCommon.Remove, "MigrationConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveMigrationConnectionCommand : ConnectionCommand
{
    /// <summary>Names or patterns of connections.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ConnectionProfile profile in Resolve(Name))
        {
            ForInput(profile.Name, () =>
            {
                if (ShouldProcess($"{profile.Name} ({ServerText.Account(profile.Definition)})", "Remove the connection"))
                {
                    Store.Remove(profile.Name);
                    ConnectionSecrets.Set(Store, profile.Name, null);
                }
            });
        }
    }
}
