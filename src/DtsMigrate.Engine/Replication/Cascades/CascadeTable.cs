using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>A table of the task and its foreign keys.</summary>
/// <param name="Number">Number in the task.</param>
/// <param name="Definition">Definition.</param>
/// <param name="ForeignKeys">Its foreign keys.</param>
internal sealed record CascadeTable(int Number, TableDefinition Definition, IReadOnlyList<ForeignKeyDefinition> ForeignKeys)
{
    /// <summary>Reads the foreign keys of a table's definition.</summary>
    public static CascadeTable Of(TableRoute route) => new(route.Number, route.Definition, KeysOf(route.Definition));

    /// <summary>Foreign keys of a definition; none while it has no text yet.</summary>
    public static IReadOnlyList<ForeignKeyDefinition> KeysOf(TableDefinition definition) =>
        definition.CreateSql.Contains("FOREIGN KEY", StringComparison.Ordinal) ? CreateTableStatement.Parse(definition.CreateSql).ReadForeignKeys(definition.Name.Database) : [];
}
