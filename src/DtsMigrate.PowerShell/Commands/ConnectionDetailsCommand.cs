using System.Management.Automation;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>What the cmdlets that say how a server is connected to share.</summary>
public abstract class ConnectionDetailsCommand : ConnectionCommand
{
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

    /// <summary>Further servers of the same cluster, each as <c>host:port</c>; the one that may be written to is used. Empty takes them away.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? OtherHost { get; set; }

    /// <summary>Allows the RSA password exchange without TLS.</summary>
    [Parameter]
    public SwitchParameter AllowPublicKeyRetrieval { get; set; }

    /// <summary>What was given, for a server.</summary>
    internal ConnectionArguments Arguments(string server) => new(string.Empty)
    {
        Server = server,
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
        OtherHosts = OtherHost,
        AllowPublicKeyRetrieval = MyInvocation.BoundParameters.ContainsKey(nameof(AllowPublicKeyRetrieval)) ? AllowPublicKeyRetrieval.ToBool() : null,
    };

    private string? FullPath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
