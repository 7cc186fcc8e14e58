using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The accounts may set what the task's sessions cannot do without: opens one session of each purpose and closes it.</summary>
internal sealed class SessionSettingsCheck : IPrecheck
{
    private const string Utf8mb4Collation = "default_collation_for_utf8mb4";
    private const string TimestampDefaults = "explicit_defaults_for_timestamp";

    /// <inheritdoc/>
    public string Code => "SessionSettings";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Privileges;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var (server, purpose) in ((PrecheckServer, SessionPurpose)[])
            [(context.Source, SessionPurpose.ReadRows), (context.Destination, SessionPurpose.WriteRows), (context.Destination, SessionPurpose.WriteSchema)])
        {
            try
            {
                var session = await server.Connector.OpenAsync(purpose, cancellationToken).ConfigureAwait(false);
                await session.DisposeAsync().ConfigureAwait(false);
            }
            catch (DtsMigrateException e)
            {
                string? fix = e.Code == "SessionSettingDenied" ? await GrantAsync(server, cancellationToken).ConfigureAwait(false) : null;
                if (fix is null || findings.TrueForAll(f => f.FixSql != fix))
                {
                    findings.Add(Finding.Failed(server.Role, $"A session for {purpose} could not be set up: {e.Message}", e.RecommendedAction ?? ConnectionRemedy.For(e), fix));
                }
            }
        }

        string? needed = context.HasIncremental && findings.Count == 0
            ? ForDdl(context.Source.Version, context.Destination.Variable(Utf8mb4Collation), context.Source.IsOn(TimestampDefaults), context.Destination.IsOn(TimestampDefaults))
            : null;
        if (needed is not null)
        {
            var account = await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
            if (!account.MaySetRestricted)
            {
                findings.Add(Finding.Warning(
                    "destination",
                    $"{account.Account} may not set {needed}, and DDL statements of this source have to run with it: the task would stop at the first one.",
                    "Grant it where DDL is run on the source during the incremental migration.",
                    Grant(context.Destination, account)));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("both", "Both accounts may set what the task's sessions need.")];
    }

    /// <summary>
    /// The restricted setting that <see cref="DdlSession"/> makes for every statement of such a source and the destination does not have anyway; null when there is none.
    /// </summary>
    internal static string? ForDdl(ServerVersion source, string utf8mb4Collation, bool sourceTimestamps, bool destinationTimestamps)
    {
        if (DdlSession.TakesGeneralCi(source) && utf8mb4Collation is not ("" or "utf8mb4_general_ci"))
        {
            return $"{Utf8mb4Collation}=utf8mb4_general_ci";
        }

        return sourceTimestamps == destinationTimestamps ? null : $"{TimestampDefaults}={(sourceTimestamps ? 1 : 0)}";
    }

    private static async Task<string> GrantAsync(PrecheckServer server, CancellationToken cancellationToken) =>
        Grant(server, await AccountPrivileges.ReadAsync(server, cancellationToken).ConfigureAwait(false));

    private static string Grant(PrecheckServer server, AccountPrivileges account) =>
        $"GRANT {(server.Version.IsAtLeast(8) ? "SESSION_VARIABLES_ADMIN" : "SUPER")} ON *.* TO {account.Account};";
}
