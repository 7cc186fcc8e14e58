using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Schema;

/// <summary>
/// What the task makes of a source table's definition before it is created: its columns' names and collations. What is created, built later and compared goes by this.
/// </summary>
internal static class TableForm
{
    /// <summary>The definition for the destination, still under the table's own name.</summary>
    public static TableDefinition Of(TableDefinition table, ObjectSelection selection)
    {
        if (table.CreateSql.Length == 0)
        {
            return table;
        }

        var letters = selection.Letters;
        if (letters.Columns != LetterCase.AsIs)
        {
            table = table with { CreateSql = ColumnNames.Rewrite(table, CreateTableStatement.Parse(table.CreateSql), letters.Column) };
        }

        var collations = selection.Collations;
        return collations.IsEmpty ? table : table with
        {
            Columns = [.. table.Columns.Select(Map)],
            UniqueKeys = [.. table.UniqueKeys.Select(k => k with { Columns = [.. k.Columns.Select(Map)] })],
            Collation = table.Collation is { } own ? collations.Of(own) : null,
            CreateSql = CollationNames.Rewrite(table.CreateSql, SqlSyntax.Default, collations.Of),
        };

        ColumnDefinition Map(ColumnDefinition column) => column.Collation is { } used ? column with { Collation = collations.Of(used) } : column;
    }
}
