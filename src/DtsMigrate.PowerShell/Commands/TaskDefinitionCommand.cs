using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Errors;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>
/// What New- and Set-MigrationTask share: a parameter for every member of a task definition, laid over a definition that there is. Members that no parameter was given for stay as they are.
/// </summary>
public abstract partial class TaskDefinitionCommand : TaskNameCommand
{
    private ConnectionStore Store { get; } = new(new TaskHome());

    /// <summary>True when anything of the definition was given.</summary>
    internal bool ChangesAnything => SourceCredential is not null || DestinationCredential is not null || Option is not null
        || MyInvocation.BoundParameters.Keys.Any(name => DefinitionOverlay.IsMember(GetType(), name));

    /// <summary>Lays the parameters over a definition.</summary>
    /// <param name="definition">A definition; without sides and objects for a new one.</param>
    /// <param name="objects">The objects in place of those of the parameters; null for these.</param>
    /// <returns>The task, checked.</returns>
    /// <exception cref="DtsMigrateException">TaskDefinitionInvalid and what the parts throw.</exception>
    internal MigrationTask Apply(JsonObject definition, JsonObject? objects = null)
    {
        ApplySide(definition, "Source", Source, SourceServer, SourceArguments);
        ApplySide(definition, "Destination", Destination, DestinationServer, DestinationArguments);
        ApplyOtherHosts(definition["source"]!, SourceOtherHost);
        ApplyOtherHosts(definition["destination"]!, DestinationOtherHost);

        if (objects is not null || Database.Length > 0 || Table.Length > 0 || Map is not null)
        {
            definition["objects"] = objects ?? ObjectSelectionArguments.Build(Database, Table, Map);
        }

        OperationArguments.Apply(definition, "dml", nameof(DmlOf), DmlOf);
        OperationArguments.Apply(definition, "ddl", nameof(DdlOf), DdlOf);
        if (Option is not null)
        {
            DefinitionOverlay.Merge(DefinitionOverlay.Child(definition, "options"), OptionArguments.Build(Option));
        }

        if (Alert is not null)
        {
            DefinitionOverlay.Merge(DefinitionOverlay.Child(DefinitionOverlay.Child(definition, "options"), "alerts"), OptionArguments.Build(Alert));
        }

        ForgetMailPassword(definition);
        DefinitionOverlay.Apply(definition, this, MyInvocation.BoundParameters.Keys, GetUnresolvedProviderPathFromPSPath);
        MigrationTask task = TaskDefinitionReader.Parse(definition.ToJsonString());
        CheckUser("Source", task.Source, SourceCredential);
        CheckUser("Destination", task.Destination, DestinationCredential);
        return task;
    }

    /// <summary>Keeps the passwords that were given, or that come with a connection, for this session.</summary>
    internal void KeepPasswords(TaskFolder folder, bool isNew)
    {
        Keep(folder, "source", SourceCredential, Source, isNew);
        Keep(folder, "destination", DestinationCredential, Destination, isNew);
    }

    /// <summary>Does something; what is wrong becomes errors: one for each fault of a definition, as each has its own remedy.</summary>
    /// <param name="target">The user's object, for the error.</param>
    /// <param name="file">The file that the definition is from; null for parameters.</param>
    /// <param name="action">What to do.</param>
    internal void TryDefine(object? target, string? file, Action action)
    {
        try
        {
            action();
        }
        catch (TaskDefinitionException e)
        {
            foreach (TaskDefinitionFault fault in e.Faults)
            {
                WriteError(ErrorRecordMapper.Map(e, fault, file, DefinitionOverlay.ParameterOf(GetType(), fault.Path)));
            }
        }
        catch (Exception e) when (e is DtsMigrateException or IOException or UnauthorizedAccessException)
        {
            WriteError(ErrorRecordMapper.Map(e, target));
        }
    }

    /// <summary>A password has one place: another one takes the place of what was said before.</summary>
    private void ForgetMailPassword(JsonObject definition)
    {
        bool other = AlertSmtpPasswordVariable is not null || AlertSmtpSecretName is not null;
        if (other && definition["options"]?["alerts"] is JsonObject alerts)
        {
            alerts.Remove("smtpPassword");
        }
        else if (AlertSmtpUser is { Length: 0 } && definition["options"]?["alerts"] is JsonObject without)
        {
            without.Remove("smtpPassword");
        }
    }

    private void Keep(TaskFolder folder, string side, PSCredential? credential, string? connection, bool isNew)
    {
        Secret? secret = SessionSecrets.From(credential) ?? (connection is null ? null : ConnectionSecrets.Get(Store, Store.Read(connection).Name));
        if (secret is not null || connection is not null || isNew)
        {
            SessionSecrets.Set(folder.FullPath, side, secret);
        }
    }

    private void ApplySide(JsonObject definition, string role, string? connection, string? server, Func<string, ConnectionArguments> arguments)
    {
        string member = role.ToLowerInvariant();
        string[] given = [.. MyInvocation.BoundParameters.Keys.Where(key => key.StartsWith(role, StringComparison.Ordinal) && DefinitionOverlay.IsOfSide(GetType(), key, member))];
        bool credential = MyInvocation.BoundParameters.ContainsKey(role + "Credential");
        if (connection is not null)
        {
            RefuseBoth(role, connection, given);
            definition[member] = ToJson(Store.Read(connection).Definition);
        }
        else if (definition[member] is not null)
        {
            if (given.Length > 0 || credential)
            {
                ConnectionDefinition old = FromJson(definition, member);
                definition[member] = ToJson(arguments(server ?? ServerText.Address(old)).Change(old));
            }
        }
        else
        {
            definition[member] = server is null ? throw NoServer(role) : arguments(server).Build();
        }
    }

    private static JsonNode ToJson(ConnectionDefinition side) => JsonNode.Parse(TaskDefinitionWriter.ToJson(side))!["connection"]!.DeepClone();

    private static ConnectionDefinition FromJson(JsonObject definition, string member)
    {
        MigrationTask task = TaskDefinitionReader.Parse(definition.ToJsonString());
        return member == "source" ? task.Source : task.Destination;
    }

    private static void RefuseBoth(string role, string connection, string[] given)
    {
        if (given.Length > 0)
        {
            throw new DtsMigrateException("ConnectionAmbiguous", $"-{role} '{connection}' says all about the {role.ToLowerInvariant()}; -{string.Join(", -", given)} cannot be given as well.")
            {
                Target = connection,
                RecommendedAction = $"Leave one of them out, or change the connection with Set-MigrationConnection {connection}.",
            };
        }
    }

    private static void ApplyOtherHosts(JsonNode side, string[]? others)
    {
        if (others is not null)
        {
            side["otherHosts"] = others.Length == 0 ? null : string.Join(',', others);
        }
    }

    private static DtsMigrateException NoServer(string role) => new("ServerMissing", $"No server is given for the {role.ToLowerInvariant()}.")
    {
        Target = role,
        RecommendedAction = $"Give -{role} with the name of a connection, or -{role}Server with host or host:port.",
    };

    private static void CheckUser(string role, ConnectionDefinition side, PSCredential? credential)
    {
        if (credential is not null && credential.UserName != side.User)
        {
            throw new DtsMigrateException("CredentialUserMismatch", $"The {role.ToLowerInvariant()} account is '{side.User}', but -{role}Credential is for '{credential.UserName}'.")
            {
                Target = credential.UserName,
                RecommendedAction = $"Pass a credential for '{side.User}'.",
            };
        }
    }

    private bool? Given(string name, SwitchParameter value) => MyInvocation.BoundParameters.ContainsKey(name) ? value.ToBool() : null;

    private ConnectionArguments SourceArguments(string server) => new("Source")
    {
        Server = server,
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
        AllowPublicKeyRetrieval = Given(nameof(SourceAllowPublicKeyRetrieval), SourceAllowPublicKeyRetrieval),
    };

    private ConnectionArguments DestinationArguments(string server) => new("Destination")
    {
        Server = server,
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
        AllowPublicKeyRetrieval = Given(nameof(DestinationAllowPublicKeyRetrieval), DestinationAllowPublicKeyRetrieval),
    };

    /// <summary>Paths are stored in full: the worker starts in another folder.</summary>
    private string? FullPath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
