using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>Reads table definitions from a server's information_schema.</summary>
public static class SchemaReader
{
    /// <summary>All base tables that are selected, in name order.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code <c>ObjectNotFound</c>: a selected database or table does not exist; the message names all that are missing.</exception>
    public static Task<IReadOnlyList<TableDefinition>> ReadSelectedAsync(MySqlSession session, Tasks.MigrationTask task, ObjectSelection selection, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>One table; null when it does not exist.</summary>
    public static Task<TableDefinition?> ReadTableAsync(MySqlSession session, QualifiedName table, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
