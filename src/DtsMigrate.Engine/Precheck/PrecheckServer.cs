using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck;

/// <summary>One side of the task as the checks see it: a session, facts and variables.</summary>
internal sealed class PrecheckServer : IAsyncDisposable
{
    private MySqlSession? _session;
    private ServerFacts? _facts;
    private Dictionary<string, string>? _variables;

    /// <summary>Creates it; nothing is connected yet.</summary>
    public PrecheckServer(ServerConnector connector) => Connector = connector;

    /// <summary>Opens sessions.</summary>
    public ServerConnector Connector { get; }

    /// <summary><c>source</c> or <c>destination</c>.</summary>
    public string Role => Connector.Role;

    /// <summary>Connected, and of a kind that can be worked with.</summary>
    public bool IsOpen => _facts is not null;

    /// <summary>The session.</summary>
    public MySqlSession Session => _session ?? throw NotOpen();

    /// <summary>Facts; null while not open.</summary>
    public ServerFacts? Facts => _facts;

    /// <summary>Version.</summary>
    public ServerVersion Version => (_facts ?? throw NotOpen()).Version;

    /// <summary>Connects.</summary>
    public async Task<MySqlSession> ConnectAsync(CancellationToken cancellationToken) =>
        _session = await Connector.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads facts and global variables. From here on the server is open for the checks.</summary>
    public async Task ReadFactsAsync(CancellationToken cancellationToken)
    {
        var rows = await Session.QueryRowsAsync("SHOW GLOBAL VARIABLES", cancellationToken).ConfigureAwait(false);
        _variables = rows.ToDictionary(r => r.GetString(0), r => r.GetStringOrNull(1) ?? string.Empty, StringComparer.OrdinalIgnoreCase);
        _facts = await ServerConnector.ReadFactsAsync(Session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A global variable; empty when the server has none of that name.</summary>
    public string Variable(string name) => (_variables ?? throw NotOpen()).GetValueOrDefault(name, string.Empty);

    /// <summary>True when the global variable exists and is on.</summary>
    public bool IsOn(string name) => Variable(name) is "ON" or "1";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private InvalidOperationException NotOpen() => new($"The {Role} is not connected.");
}
