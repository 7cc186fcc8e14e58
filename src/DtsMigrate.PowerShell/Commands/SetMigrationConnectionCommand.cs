using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Changes what it names of a connection. Tasks that were made with the connection keep what they took from it.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationConnectionInfo))]
public sealed class SetMigrationConnectionCommand : ConnectionDetailsCommand
{
    /// <summary>Names or patterns of connections.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Server: <c>host</c> or <c>host:port</c>.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    /// <summary>Gives the connection afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ConnectionProfile profile in Resolve(Name))
        {
            ForInput(profile.Name, () => Set(profile));
        }
    }

    private void Set(ConnectionProfile profile)
    {
        ConnectionDefinition changed = Arguments(Server ?? ServerText.Address(profile.Definition)).Change(profile.Definition);
        if (!ShouldProcess($"{profile.Name} ({ServerText.Account(changed)})", "Change the connection"))
        {
            return;
        }

        profile = profile with { Definition = changed };
        Store.Save(profile);
        if (Credential is not null)
        {
            ConnectionSecrets.Set(Store, profile.Name, SessionSecrets.From(Credential));
        }

        if (PassThru)
        {
            WriteObject(MigrationConnectionInfo.From(profile, Store));
        }
    }
}
