using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <content>The parameters of both sides.</content>
public sealed partial class NewMigrationTaskCommand
{
    /// <summary>The source by the name of a connection that New-MigrationConnection made.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ConnectionNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    /// <summary>Server of the source: <c>host</c> or <c>host:port</c>.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourceServer { get; set; }

    /// <summary>Account of the source with its password, which stays in the memory of this session.</summary>
    [Parameter]
    [Credential]
    public PSCredential? SourceCredential { get; set; }

    /// <summary>Account of the source, where the password is a reference.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourceUser { get; set; }

    /// <summary>Environment variable that holds the password when the task starts.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourcePasswordVariable { get; set; }

    /// <summary>Name of a SecretManagement secret that holds the password.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourceSecretName { get; set; }

    /// <summary>Vault of the secret; the default vault when left out.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourceVault { get; set; }

    /// <summary>MySQL option file that holds the password.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourceDefaultsFile { get; set; }

    /// <summary>Group in the option file; <c>client</c> when left out.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourceDefaultsGroup { get; set; }

    /// <summary>The account has an empty password.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public SwitchParameter SourceNoPassword { get; set; }

    /// <summary>TLS mode; default Preferred.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public TlsMode? SourceTls { get; set; }

    /// <summary>CA file (PEM) for VerifyCA and VerifyFull.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? SourceTlsCa { get; set; }

    /// <summary>Allows the RSA password exchange without TLS.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public SwitchParameter SourceAllowPublicKeyRetrieval { get; set; }

    /// <summary>The destination by the name of a connection that New-MigrationConnection made.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ConnectionNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Server of the destination: <c>host</c> or <c>host:port</c>.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationServer { get; set; }

    /// <summary>Account of the destination with its password, which stays in the memory of this session.</summary>
    [Parameter]
    [Credential]
    public PSCredential? DestinationCredential { get; set; }

    /// <summary>Account of the destination, where the password is a reference.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationUser { get; set; }

    /// <summary>Environment variable that holds the password when the task starts.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPasswordVariable { get; set; }

    /// <summary>Name of a SecretManagement secret that holds the password.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationSecretName { get; set; }

    /// <summary>Vault of the secret; the default vault when left out.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationVault { get; set; }

    /// <summary>MySQL option file that holds the password.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationDefaultsFile { get; set; }

    /// <summary>Group in the option file; <c>client</c> when left out.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationDefaultsGroup { get; set; }

    /// <summary>The account has an empty password.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public SwitchParameter DestinationNoPassword { get; set; }

    /// <summary>TLS mode; default Preferred.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public TlsMode? DestinationTls { get; set; }

    /// <summary>CA file (PEM) for VerifyCA and VerifyFull.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationTlsCa { get; set; }

    /// <summary>Allows the RSA password exchange without TLS.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public SwitchParameter DestinationAllowPublicKeyRetrieval { get; set; }

    /// <summary>One side as the definition has it: of a named connection, or of parameters.</summary>
    private JsonNode SideOf(string role, string? connection, string? server, Func<ConnectionArguments> arguments)
    {
        string[] others = [.. MyInvocation.BoundParameters.Keys.Where(key => key.StartsWith(role, StringComparison.Ordinal) && key != role && key != role + "Credential")];
        if (connection is null)
        {
            return server is null ? throw NoServer(role) : arguments().Build();
        }

        if (others.Length > 0)
        {
            throw new DtsMigrateException("ConnectionAmbiguous", $"-{role} '{connection}' says all about the {role.ToLowerInvariant()}; -{string.Join(", -", others)} cannot be given as well.")
            {
                Target = connection,
                RecommendedAction = $"Leave one of them out, or change the connection with Set-MigrationConnection {connection}.",
            };
        }

        return JsonNode.Parse(TaskDefinitionWriter.ToJson(Store.Read(connection).Definition))!["connection"]!.DeepClone();
    }

    private static DtsMigrateException NoServer(string role) => new("ServerMissing", $"No server is given for the {role.ToLowerInvariant()}.")
    {
        Target = role,
        RecommendedAction = $"Give -{role} with the name of a connection, or -{role}Server with host or host:port.",
    };

    /// <summary>The password of one side for this session: given here, or with the connection.</summary>
    private Secret? SessionSecret(PSCredential? credential, string? connection) =>
        SessionSecrets.From(credential) ?? (connection is null ? null : ConnectionSecrets.Get(Store, Store.Read(connection).Name));

    private ConnectionArguments SourceArguments() => new("Source")
    {
        Server = SourceServer!,
        Credential = SourceCredential,
        User = SourceUser,
        PasswordVariable = SourcePasswordVariable,
        SecretName = SourceSecretName,
        Vault = SourceVault,
        DefaultsFile = FullPath(SourceDefaultsFile),
        DefaultsGroup = SourceDefaultsGroup,
        NoPassword = SourceNoPassword,
        Tls = SourceTls,
        TlsCa = FullPath(SourceTlsCa),
        AllowPublicKeyRetrieval = SourceAllowPublicKeyRetrieval,
    };

    private ConnectionArguments DestinationArguments() => new("Destination")
    {
        Server = DestinationServer!,
        Credential = DestinationCredential,
        User = DestinationUser,
        PasswordVariable = DestinationPasswordVariable,
        SecretName = DestinationSecretName,
        Vault = DestinationVault,
        DefaultsFile = FullPath(DestinationDefaultsFile),
        DefaultsGroup = DestinationDefaultsGroup,
        NoPassword = DestinationNoPassword,
        Tls = DestinationTls,
        TlsCa = FullPath(DestinationTlsCa),
        AllowPublicKeyRetrieval = DestinationAllowPublicKeyRetrieval,
    };

    /// <summary>Paths are stored in full: the worker starts in another folder.</summary>
    private string? FullPath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
