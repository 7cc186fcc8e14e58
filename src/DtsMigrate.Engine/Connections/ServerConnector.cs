using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Connections;

/// <summary>Opens sessions to one side of a task with the settings that their purpose needs.</summary>
public sealed class ServerConnector
{
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
    }

    /// <summary><c>source</c> or <c>destination</c>.</summary>
    public string Role { get; }

    /// <summary>Host and account.</summary>
    public ConnectionDefinition Definition { get; }

    /// <summary>Task options.</summary>
    public TaskOptions TaskOptions { get; }

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; }

    private MySqlSessionOptions Options { get; }

    /// <summary>Opens a session and sets it up. No retry here: that is the caller's retry policy.</summary>
    public Task<MySqlSession> OpenAsync(SessionPurpose purpose, CancellationToken cancellationToken) =>
        throw new NotImplementedException(purpose.ToString() + Options);

    /// <summary>Reads the server's facts over an open session.</summary>
    public static Task<ServerFacts> ReadFactsAsync(MySqlSession session, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
