using System.Collections.Concurrent;
using System.Globalization;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Connections;

/// <summary>Opens sessions to one side of a task with the settings that their purpose needs.</summary>
public sealed class ServerConnector
{
    private const int AccessDeniedForVariable = 1227;

    private const string FactsSql =
        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid','server_id','gtid_mode','lower_case_table_names','max_allowed_packet','local_infile','time_zone','system_time_zone','innodb_native_foreign_keys','group_replication_transaction_size_limit')";

    // What has been told once is not told again for every session.
    private readonly ConcurrentDictionary<string, string> _noted = new(StringComparer.Ordinal);
    private readonly ServerAddresses _addresses;
    private volatile string? _serverUuid;

    /// <summary>Creates a connector.</summary>
    /// <param name="role"><c>source</c> or <c>destination</c>: for messages.</param>
    /// <param name="definition">Host and account.</param>
    /// <param name="password">The resolved password.</param>
    /// <param name="options">Task options.</param>
    /// <param name="time">Clock.</param>
    public ServerConnector(string role, ConnectionDefinition definition, Secret password, TaskOptions options, TimeProvider time)
    {
        Role = role;
        Definition = definition;
        Options = new MySqlSessionOptions
        {
            Host = definition.Host,
            Port = definition.Port,
            User = definition.User,
            Password = password,
            Tls = definition.Tls,
            TlsCaFile = definition.TlsCa,
            AllowPublicKeyRetrieval = definition.AllowPublicKeyRetrieval,
        };
        TaskOptions = options;
        Time = time;
        _addresses = new ServerAddresses(definition, staysReadOnly: role == "source");
    }

    /// <summary><c>source</c> or <c>destination</c>.</summary>
    public string Role { get; }

    /// <summary>Host and account.</summary>
    public ConnectionDefinition Definition { get; }

    /// <summary>Task options.</summary>
    public TaskOptions TaskOptions { get; }

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where settings are noted that the account may not change and that can be done without; null for nowhere.</summary>
    public IRunLog? Log { get; init; }

    /// <summary>
    /// The server gives a session up that has not been heard of for this time, and with it its locks: for workers on machines that others must not wait for. Null for the long
    /// timeouts of all sessions.
    /// </summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>
    /// All sessions must be of one server: when the address leads to another one, <see cref="OpenAsync"/> fails with code <c>ServerMoved</c>. For who keeps in memory what holds for one server only.
    /// </summary>
    public bool StaysWithOneServer { get; init; }

    private MySqlSessionOptions Options { get; }

    /// <summary>The same account on another server: a replica.</summary>
    internal ServerConnector To(string host, int port) => new(Role, Definition with { Host = host, Port = port, OtherHosts = null }, Options.Password, TaskOptions, Time) { Log = Log };

    /// <summary>Opens a session and sets it up. No retry here: that is the caller's retry policy.</summary>
    /// <exception cref="MySqlConnectionException">No connection.</exception>
    /// <exception cref="MySqlServerException">The server refused the account or a setting.</exception>
    /// <exception cref="DtsMigrateException">
    /// Code <c>SessionSettingDenied</c>: the account may not change a setting that the purpose cannot do without. Code <c>ServerMoved</c>: see <see cref="StaysWithOneServer"/>.
    /// </exception>
    public async Task<MySqlSession> OpenAsync(SessionPurpose purpose, CancellationToken cancellationToken)
    {
        var session = await _addresses.ConnectAsync(Options, Time, cancellationToken).ConfigureAwait(false);
        try
        {
            RequireSameServer(session.ServerUuid);
            await session.ExecuteBatchAsync(SessionSettings.Batch(purpose, session.ServerVersion), cancellationToken).ConfigureAwait(false);
            if (SilenceLimit is { } silence)
            {
                await session.ExecuteAsync(SessionSettings.Silence(silence), cancellationToken).ConfigureAwait(false);
            }

            if (purpose is SessionPurpose.ReadRows or SessionPurpose.Binlog)
            {
                await session.EnlargeServerBufferAsync(cancellationToken).ConfigureAwait(false);
            }

            var restricted = SessionSettings.Restricted(purpose, session.ServerVersion, TaskOptions.DestinationBinlog);
            if (restricted.Count > 0)
            {
                await SetRestrictedAsync(session, restricted, cancellationToken).ConfigureAwait(false);
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the server's facts over an open session.</summary>
    public static async Task<ServerFacts> ReadFactsAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(FactsSql, cancellationToken).ConfigureAwait(false);
        var values = rows.ToDictionary(r => r.GetString(0).ToLowerInvariant(), r => r.GetString(1), StringComparer.Ordinal);
        return new ServerFacts
        {
            Version = session.ServerVersion,
            ServerUuid = Required(values, "server_uuid"),
            ServerId = uint.Parse(Required(values, "server_id"), CultureInfo.InvariantCulture),
            HasGtid = Is(values, "gtid_mode", "ON"),
            LowerCaseTableNames = int.Parse(Required(values, "lower_case_table_names"), CultureInfo.InvariantCulture),
            MaxAllowedPacket = long.Parse(Required(values, "max_allowed_packet"), CultureInfo.InvariantCulture),
            LocalInfile = Is(values, "local_infile", "ON"),
            IsInUtc = ServerTimeZone.IsUtc(Required(values, "time_zone"), Required(values, "system_time_zone")),
            LogsCascades = Is(values, "innodb_native_foreign_keys", "OFF"),
            TransactionLimit = values.TryGetValue("group_replication_transaction_size_limit", out string? limit) && long.Parse(limit, CultureInfo.InvariantCulture) is var bytes and > 0 ? bytes : null,
        };
    }

    private void RequireSameServer(string uuid)
    {
        string known = Interlocked.CompareExchange(ref _serverUuid, uuid, null) ?? uuid;
        if (StaysWithOneServer && known != uuid)
        {
            throw new DtsMigrateException("ServerMoved", $"The {Role} is another server now: {uuid}, before {known}.")
            {
                Target = Role,
                RecommendedAction = "Start the task again: it goes on with the new server from what is recorded there.",
            };
        }
    }

    private static bool Is(Dictionary<string, string> values, string name, string value) =>
        values.TryGetValue(name, out string? found) && found.Equals(value, StringComparison.OrdinalIgnoreCase);

    private static string Required(Dictionary<string, string> values, string name) =>
        values.TryGetValue(name, out string? value)
            ? value
            : throw new DtsMigrateException("ServerVariableMissing", $"The server has no variable {name}; it is not a MySQL server of version 5.7 or later.");

    private async Task SetRestrictedAsync(MySqlSession session, IReadOnlyList<RestrictedSetting> settings, CancellationToken cancellationToken)
    {
        string select = "SELECT " + string.Join(',', settings.Select(s => "@@SESSION." + s.Name));
        var current = (await session.QueryRowsAsync(select, cancellationToken).ConfigureAwait(false))[0];
        for (int i = 0; i < settings.Count; i++)
        {
            var setting = settings[i];
            if (current.GetString(i) == setting.Value)
            {
                continue;
            }

            try
            {
                await session.ExecuteAsync($"SET SESSION {setting.Name}={setting.Value}", cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException e) when (e.Errno == AccessDeniedForVariable && setting.Harmless)
            {
                if (_noted.TryAdd(setting.Name, setting.Value))
                {
                    Log?.Write(LogLevel.Info, "Connect", $"The {Role} account may not set {setting.Name}={setting.Value}; going on without it.");
                }
            }
            catch (MySqlServerException e) when (e.Errno == AccessDeniedForVariable)
            {
                throw new DtsMigrateException("SessionSettingDenied", $"The account {Definition.User} on the {Role} may not set {setting.Name}={setting.Value}, which this task needs.", e)
                {
                    Target = setting.Name,
                    RecommendedAction = $"Grant SESSION_VARIABLES_ADMIN (SUPER on 5.7) to the account, or set {setting.Name}={setting.Value} for the server.",
                };
            }
        }
    }
}
