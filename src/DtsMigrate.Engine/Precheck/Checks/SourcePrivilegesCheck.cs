using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Schema.StoredObjects;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The source account may do what the task's migration types need.</summary>
internal sealed class SourcePrivilegesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "SourcePrivileges";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Privileges;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var account = await AccountPrivileges.ReadAsync(context.Source, cancellationToken).ConfigureAwait(false);
        var missing = new MissingPrivileges(account);
        foreach (var database in context.Task.Objects)
        {
            if (database.All)
            {
                missing.RequireOnDatabase(database.Name, "SELECT");
                continue;
            }

            foreach (var table in database.Tables)
            {
                missing.RequireOnTable(new QualifiedName(database.Name, table.Name), "SELECT");
            }
        }

        if (context.HasIncremental)
        {
            missing.RequireGlobally("REPLICATION SLAVE");
            missing.RequireGlobally("REPLICATION CLIENT", "SUPER");
        }

        RequireConsistentReads(context, account, missing);
        foreach (string database in (await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false)).Where(o => o.Kind == StoredObjectKind.View).Select(o => o.Name.Database).Distinct(StringComparer.Ordinal))
        {
            missing.RequireOnDatabase(database, "SHOW VIEW");
        }

        return [missing.ToFinding("source", $"migrating {context.Task.MigrationTypes}")];
    }

    private static void RequireConsistentReads(PrecheckContext context, AccountPrivileges account, MissingPrivileges missing)
    {
        // Without a stream all tables are read as of one point in time: writers are held for an instant, or two looks at log_status show that none has written.
        bool holdsAll = account.HasGlobally("RELOAD") || account.HasGlobally("FLUSH_TABLES");
        bool looks = context.Source.Version.IsAtLeast(8) && account.HasGlobally("BACKUP_ADMIN") && account.HasOnTable("SELECT", new QualifiedName("performance_schema", "log_status"));
        if (context.HasFull && !context.HasIncremental && !holdsAll && !looks)
        {
            foreach (string database in (context.Routes ?? []).Select(r => r.Source.Database).Distinct(StringComparer.Ordinal))
            {
                missing.RequireOnDatabase(database, "LOCK TABLES");
            }
        }

        // InnoDB's numbers of tables: before 8.0 nothing else tells that a table was truncated under a snapshot.
        if (context.HasFull && !context.HasIncremental && !context.Source.Version.IsAtLeast(8))
        {
            missing.RequireGlobally("PROCESS");
        }

        // Without GTIDs the start position is read while commits are held for an instant.
        if (context.HasIncremental && !context.Source.Facts!.HasGtid)
        {
            missing.RequireGlobally("RELOAD", "FLUSH_TABLES");
        }

        // A table without a key is copied in one piece from one exact position, which takes a table lock: for an instant, or, where the
        // engine has no snapshots, for the whole copy. So is a table that unlogged cascades reach, locked together with those that they come from.
        var routes = context.Routes ?? [];
        var cascades = context.HasIncremental && !context.Source.Facts!.LogsCascades ? new CascadeGraph(context.CascadeTables(), StringComparer.Ordinal) : null;
        foreach (var route in routes.Where(r => context.HasRows
            && ((r.Definition.IdentityKey is null && (context.HasIncremental || !r.Definition.Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase))) || cascades?.NeedsExactCopy(r.Number) == true || (context.HasIncremental && context.Selection.Collations.MayJoinKeys(r.Definition)))))
        {
            foreach (string database in (cascades?.Above(route.Number).Select(n => cascades.NameOf(n).Database) ?? []).Prepend(route.Source.Database))
            {
                missing.RequireOnDatabase(database, "LOCK TABLES");
            }
        }
    }
}
