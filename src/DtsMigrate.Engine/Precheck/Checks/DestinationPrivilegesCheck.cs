using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination account may create and write the mapped objects and keep progress in <c>dts_migrate</c>.</summary>
internal sealed class DestinationPrivilegesCheck : IPrecheck
{
    private const string ProgressDatabase = "dts_migrate";

    /// <inheritdoc/>
    public string Code => "DestinationPrivileges";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Privileges;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var account = await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
        var missing = new MissingPrivileges(account);
        missing.RequireOnDatabase(ProgressDatabase, "CREATE", "ALTER", "DROP", "INDEX", "SELECT", "INSERT", "UPDATE", "DELETE");
        var selection = context.Selection;
        foreach (var database in context.Task.Objects)
        {
            string name = selection.MapDatabase(database.Name);
            // CREATE DATABASE needs CREATE on the database, so schema migration asks for the database as a whole.
            if (context.HasSchema)
            {
                missing.RequireOnDatabase(name, "CREATE", "ALTER", "DROP", "INDEX", "REFERENCES", "SELECT");
            }

            if (context.HasRows && (database.All || context.HasSchema))
            {
                missing.RequireOnDatabase(name, "SELECT", "INSERT", "UPDATE", "DELETE");
            }
            else if (context.HasRows)
            {
                foreach (var table in database.Tables)
                {
                    missing.RequireOnTable(selection.Map(new QualifiedName(database.Name, table.Name)), "SELECT", "INSERT", "UPDATE", "DELETE");
                }
            }
        }

        await RequireForObjectsAsync(context, missing, cancellationToken).ConfigureAwait(false);
        return [missing.ToFinding("destination", $"migrating {context.Task.MigrationTypes}")];
    }

    // What is created must be readable too: after a crash it is compared.
    private static async Task RequireForObjectsAsync(PrecheckContext context, MissingPrivileges missing, CancellationToken cancellationToken)
    {
        if (!context.HasSchema || !context.Source.IsOpen)
        {
            return;
        }

        var selection = context.Selection;
        foreach (var group in (await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false)).GroupBy(o => (Database: selection.MapDatabase(o.Name.Database), o.Kind)))
        {
            string[] needed = group.Key.Kind switch
            {
                StoredObjectKind.View => ["CREATE VIEW", "SHOW VIEW", "SELECT", "EXECUTE"],
                StoredObjectKind.Trigger => ["TRIGGER"],
                StoredObjectKind.Event => ["EVENT"],
                _ => ["CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE"],
            };
            missing.RequireOnDatabase(group.Key.Database, needed);

            // The text of a routine is shown to its definer, who is another one here (MySQL manual, "SHOW CREATE PROCEDURE").
            if (context.Task.Options.DefinerMode == DefinerMode.Keep && (group.Key.Kind is StoredObjectKind.Procedure or StoredObjectKind.Function or StoredObjectKind.Library))
            {
                missing.RequireGlobally(context.Destination.Version.IsAtLeast(8, 0, 20) ? ["SHOW_ROUTINE", "SELECT"] : ["SELECT"]);
            }
        }
    }
}
