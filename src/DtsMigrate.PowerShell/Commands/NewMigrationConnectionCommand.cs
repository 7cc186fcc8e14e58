using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Gives a server a name that tasks can use. Connects to nothing; no password is written.</summary>
[Cmdlet(VerbsCommon.New, "MigrationConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationConnectionInfo))]
public sealed class NewMigrationConnectionCommand : ConnectionCommand
{
    /// <summary>Name of the connection.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Server: <c>host</c> or <c>host:port</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Server { get; set; } = string.Empty;

    /// <summary>Account with its password, which stays in the memory of this session.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Account, where the password is a reference.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Environment variable that holds the password when it is needed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PasswordVariable { get; set; }

    /// <summary>Name of a SecretManagement secret that holds the password.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>Vault of the secret; the default vault when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <summary>MySQL option file that holds the password.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DefaultsFile { get; set; }

    /// <summary>Group in the option file; <c>client</c> when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DefaultsGroup { get; set; }

    /// <summary>The account has an empty password.</summary>
    [Parameter]
    public SwitchParameter NoPassword { get; set; }

    /// <summary>TLS mode; default Preferred.</summary>
    [Parameter]
    public TlsMode? Tls { get; set; }

    /// <summary>CA file (PEM) for VerifyCA and VerifyFull.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TlsCa { get; set; }

    /// <summary>Allows the RSA password exchange without TLS.</summary>
    [Parameter]
    public SwitchParameter AllowPublicKeyRetrieval { get; set; }

    /// <summary>Replaces a connection of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForInput(Name, Create);

    private void Create()
    {
        ConnectionDefinition definition = Arguments().ToDefinition();
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

    private ConnectionArguments Arguments() => new(string.Empty)
    {
        Server = Server,
        Credential = Credential,
        User = User,
        PasswordVariable = PasswordVariable,
        SecretName = SecretName,
        Vault = Vault,
        DefaultsFile = FullPath(DefaultsFile),
        DefaultsGroup = DefaultsGroup,
        NoPassword = NoPassword,
        Tls = Tls,
        TlsCa = FullPath(TlsCa),
        AllowPublicKeyRetrieval = AllowPublicKeyRetrieval,
    };

    private string? FullPath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
