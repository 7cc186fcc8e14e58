namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Every selected table has an engine that can be migrated and that the destination has.</summary>
internal sealed class StorageEngineCheck : IPrecheck
{
    private static readonly HashSet<string> Unsupported = new(StringComparer.OrdinalIgnoreCase) { "FEDERATED", "MRG_MYISAM", "BLACKHOLE", "PERFORMANCE_SCHEMA" };

    /// <inheritdoc/>
    public string Code => "StorageEngine";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var rows = await context.Destination.Session.QueryRowsAsync("SELECT ENGINE, SUPPORT FROM information_schema.ENGINES", cancellationToken).ConfigureAwait(false);
        var available = rows.Where(r => r.GetString(1) is "YES" or "DEFAULT").Select(r => r.GetString(0)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var disabled = context.Destination.Variable("disabled_storage_engines").Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var findings = new List<Finding>();
        foreach (var group in context.Routes!.GroupBy(r => r.Definition.Engine, StringComparer.OrdinalIgnoreCase))
        {
            string tables = Finding.List([.. group.Select(r => r.Source.ToString())]);
            string target = group.First().Source.ToString();
            if (Unsupported.Contains(group.Key))
            {
                findings.Add(Finding.Failed(target, $"Tables of engine {group.Key} hold no rows of their own and cannot be migrated: {tables}.", "Leave them out."));
            }
            else if (context.HasSchema && (!available.Contains(group.Key) || disabled.Contains(group.Key)))
            {
                findings.Add(Finding.Failed(target, $"The destination has no engine {group.Key}, which these tables use: {tables}.", "Change the tables' engine, or enable it at the destination."));
            }
            else if (!group.Key.Equals("InnoDB", StringComparison.OrdinalIgnoreCase))
            {
                findings.Add(NotTransactional(context, group.Key, target, tables));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("source", "All selected tables are InnoDB.")];
    }

    // Without transactions there is neither a snapshot that a position belongs to nor a commit that progress could share.
    private static Finding NotTransactional(PrecheckContext context, string engine, string target, string tables)
    {
        string message = $"Tables of engine {engine} have no transactions: {tables}.";
        return context.HasIncremental
            ? Finding.Failed(target, $"{message} Changes during their copy, and a crash of the task, could lose or double rows.", "Change them to InnoDB, or migrate them without incremental migration while nothing writes to them.")
            : Finding.Warning(target, $"{message} They must not be written to during the migration.", "Change them to InnoDB, or stop writes to them.");
    }
}
