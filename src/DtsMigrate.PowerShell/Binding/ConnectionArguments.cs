using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>The parameters of one side of a task, and the <c>source</c> or <c>destination</c> member made of them. Never holds the password in the member.</summary>
/// <param name="Role"><c>Source</c> or <c>Destination</c>: the prefix of the parameters.</param>
internal sealed record ConnectionArguments(string Role)
{
    public required string Server { get; init; }

    public PSCredential? Credential { get; init; }

    public string? User { get; init; }

    public string? PasswordVariable { get; init; }

    public string? SecretName { get; init; }

    public string? Vault { get; init; }

    public string? DefaultsFile { get; init; }

    public string? DefaultsGroup { get; init; }

    public bool NoPassword { get; init; }

    public TlsMode? Tls { get; init; }

    public string? TlsCa { get; init; }

    /// <summary>Further servers; null where nothing is said about them.</summary>
    public IReadOnlyList<string>? OtherHosts { get; init; }

    /// <summary>Null where nothing is said about it.</summary>
    public bool? AllowPublicKeyRetrieval { get; init; }

    /// <summary>Builds the member.</summary>
    /// <exception cref="DtsMigrateException">ServerAddressInvalid, UserMissing, PasswordAmbiguous.</exception>
    public JsonObject Build()
    {
        (string host, int? port) = ServerAddress.Parse(Server, Role + "Server");
        var member = new JsonObject { ["host"] = host };
        if (port is not null)
        {
            member["port"] = port;
        }

        member["user"] = UserName();
        if (PasswordReference() is { } password)
        {
            member["password"] = password;
        }

        if (Tls is { } tls)
        {
            member["tls"] = tls.ToString();
        }

        if (TlsCa is not null)
        {
            member["tlsCa"] = TlsCa;
        }

        if (AllowPublicKeyRetrieval == true)
        {
            member["allowPublicKeyRetrieval"] = true;
        }

        return member;
    }

    /// <summary>The side in words.</summary>
    private string Side => Role.Length == 0 ? "connection" : Role.ToLowerInvariant();

    /// <summary>The side as the engine takes it.</summary>
    /// <exception cref="DtsMigrateException">As <see cref="Build"/>.</exception>
    public ConnectionDefinition ToDefinition()
    {
        Build();
        return Change(new ConnectionDefinition { Host = string.Empty, User = UserName() });
    }

    /// <summary>A definition with what is given here in place of what it had.</summary>
    /// <exception cref="DtsMigrateException">ServerAddressInvalid, PasswordAmbiguous, CredentialUserMismatch.</exception>
    public ConnectionDefinition Change(ConnectionDefinition old)
    {
        (string host, int? port) = ServerAddress.Parse(Server, Role + "Server");
        PasswordReference? password = PasswordReference() is { } given
            ? new PasswordReference
            {
                Env = (string?)given["env"],
                Secret = (string?)given["secret"],
                Vault = (string?)given["vault"],
                OptionFile = (string?)given["optionFile"],
                OptionGroup = (string?)given["group"],
                Empty = (bool?)given["empty"] ?? false,
            }
            : Credential is null ? null : new PasswordReference();
        return old with
        {
            Host = host,
            Port = port ?? 3306,
            User = User is null && Credential is null ? old.User : UserName(),
            Password = password ?? old.Password,
            Tls = Tls ?? old.Tls,
            TlsCa = TlsCa ?? (Tls is null or TlsMode.VerifyCA or TlsMode.VerifyFull ? old.TlsCa : null),
            AllowPublicKeyRetrieval = AllowPublicKeyRetrieval ?? old.AllowPublicKeyRetrieval,
            OtherHosts = OtherHosts is null ? old.OtherHosts : Join(OtherHosts),
        };
    }

    private static string? Join(IReadOnlyList<string> servers)
    {
        foreach (string server in servers)
        {
            ServerAddress.Parse(server, "OtherHost");
        }

        return servers.Count == 0 ? null : string.Join(',', servers);
    }

    private string UserName()
    {
        if (User is null && Credential is null)
        {
            throw new DtsMigrateException("UserMissing", $"No account is given for the {Side}.")
            {
                Target = Side,
                RecommendedAction = $"Give -{Role}Credential, or -{Role}User with -{Role}PasswordVariable, -{Role}SecretName, -{Role}DefaultsFile or -{Role}NoPassword.",
            };
        }

        if (User is not null && Credential is not null && User != Credential.UserName)
        {
            throw new DtsMigrateException("CredentialUserMismatch", $"-{Role}User is '{User}', but -{Role}Credential is for '{Credential.UserName}'.")
            {
                Target = User,
                RecommendedAction = "Give one of them, or the same account in both.",
            };
        }

        return User ?? Credential!.UserName;
    }

    private JsonObject? PasswordReference()
    {
        var references = new List<JsonObject>();
        if (PasswordVariable is not null)
        {
            references.Add(new JsonObject { ["env"] = PasswordVariable });
        }

        if (SecretName is not null)
        {
            references.Add(Optional(new JsonObject { ["secret"] = SecretName }, "vault", Vault));
        }

        if (DefaultsFile is not null)
        {
            references.Add(Optional(new JsonObject { ["optionFile"] = DefaultsFile }, "group", DefaultsGroup));
        }

        if (NoPassword)
        {
            references.Add(new JsonObject { ["empty"] = true });
        }

        int given = references.Count + (Credential is null ? 0 : 1);
        bool orphan = (Vault is not null && SecretName is null) || (DefaultsGroup is not null && DefaultsFile is null);
        if (given > 1 || orphan)
        {
            throw new DtsMigrateException("PasswordAmbiguous", orphan
                ? $"-{Role}Vault needs -{Role}SecretName, and -{Role}DefaultsGroup needs -{Role}DefaultsFile."
                : $"The password of the {Side} is given in {given} ways.")
            {
                Target = Side,
                RecommendedAction = $"Give one of -{Role}Credential, -{Role}PasswordVariable, -{Role}SecretName, -{Role}DefaultsFile and -{Role}NoPassword.",
            };
        }

        return references.SingleOrDefault();
    }

    private static JsonObject Optional(JsonObject member, string name, string? value)
    {
        if (value is not null)
        {
            member[name] = value;
        }

        return member;
    }
}
