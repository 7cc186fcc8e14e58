using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Changes what it names of a connection. Tasks that were made with the connection keep what they took from it.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationConnectionInfo))]
public sealed class SetMigrationConnectionCommand : ConnectionCommand
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
        ConnectionDefinition changed = Arguments(profile.Definition).Change(profile.Definition);
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(AllowPublicKeyRetrieval)))
        {
            changed = changed with { AllowPublicKeyRetrieval = profile.Definition.AllowPublicKeyRetrieval };
        }

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

    private ConnectionArguments Arguments(ConnectionDefinition old) => new(string.Empty)
    {
        Server = Server ?? ServerText.Address(old),
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
