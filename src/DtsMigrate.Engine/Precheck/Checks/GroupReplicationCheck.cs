using System.Globalization;
using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>A destination that is a group (group replication, InnoDB Cluster, services built on it) takes the tables and their changes (manual, "Group Replication Requirements" and "Limitations").</summary>
internal sealed class GroupReplicationCheck : IPrecheck
{
    /// <summary>A limit below this is one that ordinary transactions meet; the server's own default is 150,000,000.</summary>
    private const long OrdinaryLimit = 100_000_000;

    /// <inheritdoc/>
    public string Code => "GroupReplication";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        if (context.Destination.Variable("group_replication_group_name").Length == 0)
        {
            return [Finding.Passed("destination", "The destination is no member of a group.")];
        }

        try
        {
            var online = await context.Destination.Session.QueryRowsAsync("SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE MEMBER_STATE='ONLINE'", cancellationToken).ConfigureAwait(false);
            if (online[0].GetInt64(0) == 0)
            {
                return [Finding.Passed("destination", "The destination's group replication is not running.")];
            }
        }
        catch (MySqlServerException denied) when (Unseen.Is(denied))
        {
            var account = await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
            return [Unseen.Of("destination", "Whether the destination is a member of a running group cannot be seen.", "SELECT ON performance_schema.replication_group_members", account.Account)];
        }

        string[] keyless = [.. context.Routes!.Where(r => r.Definition.IdentityKey is null).Select(r => r.Source.ToString())];
        string[] others = [.. context.Routes!.Where(r => !r.Definition.Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase)).Select(r => r.Source.ToString())];
        bool checksEverywhere = context.Destination.IsOn("group_replication_enforce_update_everywhere_checks");
        string[] cascading = checksEverywhere ? [.. context.CascadeTables().Where(t => t.ForeignKeys.Any(k => k.Cascades)).Select(t => t.Definition.Name.ToString())] : [];
        return Judge(keyless, others, cascading, context.Destination.Facts!.TransactionLimit, context.HasIncremental);
    }

    /// <summary>Judges what a group refuses.</summary>
    /// <param name="keyless">Tables without a primary key and without a unique key of NOT NULL columns.</param>
    /// <param name="others">Tables of other engines than InnoDB.</param>
    /// <param name="cascading">Tables with cascading foreign keys, where the group checks for updates everywhere.</param>
    /// <param name="limit">Largest transaction in bytes; null for any.</param>
    /// <param name="isIncremental">Source transactions are carried over whole.</param>
    internal static IReadOnlyList<Finding> Judge(IReadOnlyCollection<string> keyless, IReadOnlyCollection<string> others, IReadOnlyCollection<string> cascading, long? limit, bool isIncremental)
    {
        var findings = new List<Finding>();
        if (keyless.Count > 0)
        {
            findings.Add(Finding.Failed(keyless.First(), $"The destination is a group, which refuses rows of tables without a primary key or a unique key of NOT NULL columns: {Finding.List(keyless)}.", "Give them a primary key on the source (an invisible column will do), or leave them out."));
        }

        if (others.Count > 0)
        {
            findings.Add(Finding.Failed(others.First(), $"The destination is a group, which refuses rows of tables of other engines than InnoDB: {Finding.List(others)}.", "Change their engine on the source, or leave them out."));
        }

        if (cascading.Count > 0)
        {
            findings.Add(Finding.Failed(cascading.First(), $"group_replication_enforce_update_everywhere_checks is ON at the destination, whose group then refuses rows of tables with cascading foreign keys: {Finding.List(cascading)}.", "Run the group with a single primary for the time of the migration, or leave these tables out."));
        }

        if (isIncremental && limit is { } bytes)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"The destination's group takes transactions of up to {bytes:N0} bytes; a larger one of the source has to wait until group_replication_transaction_size_limit is raised.");
            findings.Add(bytes < OrdinaryLimit
                ? Finding.Warning("destination", text, "Raise it, on all members, to the largest transaction that the source may have; 0 is no limit.", "SET GLOBAL group_replication_transaction_size_limit = 150000000;")
                : Finding.Passed("destination", text));
        }

        return findings.Count > 0 ? findings : [Finding.Passed("destination", "The destination is a group, and takes all selected tables.")];
    }
}
