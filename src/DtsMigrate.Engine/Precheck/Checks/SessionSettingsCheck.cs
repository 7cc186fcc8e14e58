using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The accounts may set what the task's sessions cannot do without: opens one session of each purpose and closes it.</summary>
internal sealed class SessionSettingsCheck : IPrecheck
{
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

        return findings.Count > 0 ? findings : [Finding.Passed("both", "Both accounts may set what the task's sessions need.")];
    }

    private static async Task<string> GrantAsync(PrecheckServer server, CancellationToken cancellationToken)
    {
        var account = await AccountPrivileges.ReadAsync(server, cancellationToken).ConfigureAwait(false);
        return $"GRANT {(server.Version.IsAtLeast(8) ? "SESSION_VARIABLES_ADMIN" : "SUPER")} ON *.* TO {account.Account};";
    }
}
