using System.Text.RegularExpressions;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Connections;

/// <summary>Connects once and says what was met. Reads only.</summary>
public static partial class ConnectionTester
{
    private const int RoundTrips = 9;

    /// <summary>Tests a connection. A failure to connect is a result, not an exception.</summary>
    /// <param name="name">Name for the result.</param>
    /// <param name="definition">Host and account.</param>
    /// <param name="password">The resolved password.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<ConnectionTest> RunAsync(string name, ConnectionDefinition definition, Secret password, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(time);
        var result = new ConnectionTest { Name = name, Server = ServerText.Address(definition), User = definition.User, Outcome = "Passed" };
        long start = time.GetTimestamp();
        try
        {
            MySqlSession session = await new ServerConnector("server", definition, password, new TaskOptions(), time).OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                result = result with { ConnectMs = Round(time.GetElapsedTime(start)), Version = session.ServerVersion.Text, Tls = session.TlsInForce ?? "none" };
                return await LookAsync(session, result, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (DtsMigrateException e)
        {
            return result with { Outcome = "Failed", Error = e.Message, ErrorCode = e.Code, RecommendedAction = e.RecommendedAction ?? ConnectionRemedy.For(e) };
        }
    }

    private static async Task<ConnectionTest> LookAsync(MySqlSession session, ConnectionTest result, TimeProvider time, CancellationToken cancellationToken)
    {
        var trips = new double[RoundTrips];
        for (int i = 0; i < RoundTrips; i++)
        {
            long begin = time.GetTimestamp();
            await session.PingAsync(cancellationToken).ConfigureAwait(false);
            trips[i] = time.GetElapsedTime(begin).TotalMilliseconds;
        }

        var rows = await session.QueryRowsAsync(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid','log_bin','binlog_format','binlog_row_image','gtid_mode','read_only','super_read_only')", cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> variables = rows.ToDictionary(row => row.GetString(0), row => row.GetStringOrNull(1) ?? string.Empty, StringComparer.OrdinalIgnoreCase);
        var grants = await session.QueryRowsAsync("SHOW GRANTS", cancellationToken).ConfigureAwait(false);
        return result with
        {
            LatencyMs = Math.Round(trips.Order().ElementAt(RoundTrips / 2), 2),
            ServerUuid = variables.GetValueOrDefault("server_uuid"),
            BinaryLog = variables.GetValueOrDefault("log_bin") == "ON" ? $"{variables.GetValueOrDefault("binlog_format", "ROW")}, {variables.GetValueOrDefault("binlog_row_image")}" : "off",
            GtidMode = variables.GetValueOrDefault("gtid_mode"),
            ReadOnly = variables.GetValueOrDefault("read_only") == "ON" || variables.GetValueOrDefault("super_read_only") == "ON",
            Privileges = [.. grants.Select(row => Shorten(row.GetString(0)))],
        };
    }

    /// <summary>A line of SHOW GRANTS without the words around, and without what stands after the account: older servers show a digest of the password there.</summary>
    internal static string Shorten(string grant) => GrantLine().Match(grant) is { Success: true } match ? match.Groups[1].Value : "(another grant)";

    private static double Round(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    [GeneratedRegex(@"^(?:GRANT|REVOKE) (.+?) (?:TO|FROM) [`'""]", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex GrantLine();
}
