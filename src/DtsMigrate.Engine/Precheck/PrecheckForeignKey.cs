using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck;

/// <summary>A foreign key of a selected table.</summary>
/// <param name="Child">The table.</param>
/// <param name="Key">The key, names as on the source.</param>
internal sealed record PrecheckForeignKey(QualifiedName Child, ForeignKeyDefinition Key)
{
    /// <summary>The foreign keys of tables: of those that have their text from it, of the others by two statements for each database.</summary>
    public static async Task<IReadOnlyList<PrecheckForeignKey>> ReadAsync(MySqlSession session, IReadOnlyList<TableDefinition> tables, CancellationToken cancellationToken)
    {
        var found = new List<PrecheckForeignKey>();
        var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
        foreach (var database in tables.GroupBy(t => t.Name.Database, StringComparer.Ordinal))
        {
            IReadOnlyDictionary<string, IReadOnlyList<ForeignKeyDefinition>>? listed = null;
            foreach (var table in database)
            {
                if (table.CreateSql.Length > 0)
                {
                    found.AddRange(CreateTableStatement.Parse(table.CreateSql).ReadForeignKeys(table.Name.Database).Select(k => new PrecheckForeignKey(table.Name, k)));
                    continue;
                }

                listed ??= await catalog.ReadForeignKeysAsync(database.Key, cancellationToken).ConfigureAwait(false);
                found.AddRange(listed.GetValueOrDefault(table.Name.Name, []).Select(k => new PrecheckForeignKey(table.Name, k)));
            }
        }

        return found;
    }
}
