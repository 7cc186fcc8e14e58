using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Notices that a table's definition has changed while it is copied (invariant I6).</summary>
internal static class DefinitionGuard
{
    /// <summary>Reads the source's definition and compares.</summary>
    /// <exception cref="DtsMigrateException">Code <c>TableDefinitionChanged</c>.</exception>
    public static async Task CheckAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        var session = await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false);
        var now = await SchemaReader.ReadTableAsync(session, table.Route.Source, cancellationToken).ConfigureAwait(false);
        if (now?.Hash != table.Route.Definition.Hash || now.Hash != table.Record.DefinitionHash)
        {
            throw new DtsMigrateException("TableDefinitionChanged", $"Table {table.Route.Source} was {(now is null ? "dropped or renamed" : "altered")} on the source while it was being copied.")
            {
                Target = table.Route.Source.ToString(),
                RecommendedAction = "Empty the destination's table and start the migration of this table anew under another task name.",
            };
        }
    }
}
