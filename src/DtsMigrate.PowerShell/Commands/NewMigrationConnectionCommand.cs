using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Gives a server a name that tasks can use. Connects to nothing; no password is written.</summary>
[Cmdlet(VerbsCommon.New, "MigrationConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationConnectionInfo))]
public sealed class NewMigrationConnectionCommand : ConnectionDetailsCommand
{
    /// <summary>Name of the connection.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Server: <c>host</c> or <c>host:port</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Server { get; set; } = string.Empty;

    /// <summary>Replaces a connection of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForInput(Name, Create);

    private void Create()
    {
        Store.PathOf(Name);
        ConnectionDefinition definition = Arguments(Server).ToDefinition();
        if (!ShouldProcess($"{Name} ({ServerText.Account(definition)})", "Save the connection"))
        {
            return;
        }

        var profile = new ConnectionProfile(Name, definition);
        if (Force)
        {
            Store.Save(profile);
        }
        else
        {
            Store.Create(profile);
        }

        ConnectionSecrets.Set(Store, Name, SessionSecrets.From(Credential));
        WriteObject(MigrationConnectionInfo.From(profile, Store));
    }
}
