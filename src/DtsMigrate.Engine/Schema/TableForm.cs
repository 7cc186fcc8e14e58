using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Schema;

/// <summary>What the task makes of a source table's definition before it is created: its columns' names. What is created, built later and compared goes by this.</summary>
internal static class TableForm
{
    /// <summary>The definition for the destination, still under the table's own name.</summary>
    public static TableDefinition Of(TableDefinition table, ObjectSelection selection)
    {
        var letters = selection.Letters;
        return letters.Columns == LetterCase.AsIs || table.CreateSql.Length == 0
            ? table
            : table with { CreateSql = ColumnNames.Rewrite(table, CreateTableStatement.Parse(table.CreateSql), letters.Column) };
    }
}
