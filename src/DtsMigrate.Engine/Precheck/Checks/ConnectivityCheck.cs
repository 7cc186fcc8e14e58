using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Connects to one side, with TLS as the task asks, and reads what the server is.</summary>
internal sealed class ConnectivityCheck : IPrecheck
{
    private readonly bool _isSource;

    /// <summary>Creates the check for one side.</summary>
    public ConnectivityCheck(bool isSource) => _isSource = isSource;

    /// <inheritdoc/>
    public string Code => _isSource ? "SourceConnectivity" : "DestinationConnectivity";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Connectivity;

    /// <inheritdoc/>
    public bool Provides => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.None;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var server = _isSource ? context.Source : context.Destination;
        var definition = server.Connector.Definition;
        string address = $"{definition.User}@{definition.Host}:{definition.Port}";
        try
        {
            var session = await server.ConnectAsync(cancellationToken).ConfigureAwait(false);
            if (session.ServerVersion.IsMariaDb)
            {
                return [MariaDb(server.Role, session.ServerVersion.Text)];
            }

            await server.ReadFactsAsync(cancellationToken).ConfigureAwait(false);
            string tls = session.TlsInForce is { } cipher ? $"encrypted with {cipher}" : "not encrypted";
            return [Finding.Passed(server.Role, $"Connected as {address} to MySQL {session.ServerVersion.Text}, {tls}.")];
        }
        catch (DtsMigrateException e)
        {
            return [Finding.Failed(server.Role, Sentence.End($"No connection as {address}: {e.Message}"), ConnectionRemedy.For(e))];
        }
    }

    private static Finding MariaDb(string role, string version) =>
        Finding.Failed(role, $"The {role} is MariaDB ({version}), which is not supported.", "Use a MySQL server of version 5.7 or later.");
}
