using System.Management.Automation;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <content>The parameters of both sides.</content>
public abstract partial class TaskDefinitionCommand
{
    /// <summary>The source by the name of a connection that New-MigrationConnection made.</summary>
    [Parameter]
    [ConnectionNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    [TaskMember("source")]
    public string? Source { get; set; }

    /// <summary>Server of the source: <c>host</c> or <c>host:port</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.host")]
    [TaskMember("source.port")]
    public string? SourceServer { get; set; }

    /// <summary>Account of the source with its password, which stays in the memory of this session.</summary>
    [Parameter]
    [Credential]
    public PSCredential? SourceCredential { get; set; }

    /// <summary>Account of the source, where the password is a reference.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.user")]
    public string? SourceUser { get; set; }

    /// <summary>Environment variable that holds the password when the task starts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.password.env")]
    public string? SourcePasswordVariable { get; set; }

    /// <summary>Name of a SecretManagement secret that holds the password.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.password.secret")]
    public string? SourceSecretName { get; set; }

    /// <summary>Vault of the secret; the default vault when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.password.vault")]
    public string? SourceVault { get; set; }

    /// <summary>MySQL option file that holds the password.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.password.optionFile")]
    public string? SourceDefaultsFile { get; set; }

    /// <summary>Group in the option file; <c>client</c> when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.password.group")]
    public string? SourceDefaultsGroup { get; set; }

    /// <summary>The account has an empty password.</summary>
    [Parameter]
    [TaskMember("source.password.empty")]
    public SwitchParameter SourceNoPassword { get; set; }

    /// <summary>TLS mode; default Preferred.</summary>
    [Parameter]
    [TaskMember("source.tls")]
    public TlsMode? SourceTls { get; set; }

    /// <summary>CA file (PEM) for VerifyCA and VerifyFull.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("source.tlsCa")]
    public string? SourceTlsCa { get; set; }

    /// <summary>Allows the RSA password exchange without TLS.</summary>
    [Parameter]
    [TaskMember("source.allowPublicKeyRetrieval")]
    public SwitchParameter SourceAllowPublicKeyRetrieval { get; set; }

    /// <summary>The destination by the name of a connection that New-MigrationConnection made.</summary>
    [Parameter]
    [ConnectionNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination")]
    public string? Destination { get; set; }

    /// <summary>Server of the destination: <c>host</c> or <c>host:port</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.host")]
    [TaskMember("destination.port")]
    public string? DestinationServer { get; set; }

    /// <summary>Further servers of the source's cluster, each as <c>host:port</c>; the one that may be written to is used. With GTIDs only.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [TaskMember("source.otherHosts")]
    public string[]? SourceOtherHost { get; set; }

    /// <summary>Further servers of the destination's cluster, each as <c>host:port</c>; the one that may be written to is used.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [TaskMember("destination.otherHosts")]
    public string[]? DestinationOtherHost { get; set; }

    /// <summary>Account of the destination with its password, which stays in the memory of this session.</summary>
    [Parameter]
    [Credential]
    public PSCredential? DestinationCredential { get; set; }

    /// <summary>Account of the destination, where the password is a reference.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.user")]
    public string? DestinationUser { get; set; }

    /// <summary>Environment variable that holds the password when the task starts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.password.env")]
    public string? DestinationPasswordVariable { get; set; }

    /// <summary>Name of a SecretManagement secret that holds the password.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.password.secret")]
    public string? DestinationSecretName { get; set; }

    /// <summary>Vault of the secret; the default vault when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.password.vault")]
    public string? DestinationVault { get; set; }

    /// <summary>MySQL option file that holds the password.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.password.optionFile")]
    public string? DestinationDefaultsFile { get; set; }

    /// <summary>Group in the option file; <c>client</c> when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.password.group")]
    public string? DestinationDefaultsGroup { get; set; }

    /// <summary>The account has an empty password.</summary>
    [Parameter]
    [TaskMember("destination.password.empty")]
    public SwitchParameter DestinationNoPassword { get; set; }

    /// <summary>TLS mode; default Preferred.</summary>
    [Parameter]
    [TaskMember("destination.tls")]
    public TlsMode? DestinationTls { get; set; }

    /// <summary>CA file (PEM) for VerifyCA and VerifyFull.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("destination.tlsCa")]
    public string? DestinationTlsCa { get; set; }

    /// <summary>Allows the RSA password exchange without TLS.</summary>
    [Parameter]
    [TaskMember("destination.allowPublicKeyRetrieval")]
    public SwitchParameter DestinationAllowPublicKeyRetrieval { get; set; }
}
