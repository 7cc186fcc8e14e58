using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>Checks that a rows event carries the columns that exact application needs.</summary>
internal static class ImageCheck
{
    /// <summary>Fails when a needed column is missing.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code IncompleteRowImage.</exception>
    public static void Verify(TablePlan table, RowsEvent rows)
    {
        if (rows.Kind != RowChangeKind.Delete)
        {
            Require(table, table.Written, rows.AfterColumns.Span, rows);
        }

        if (rows.Kind != RowChangeKind.Insert)
        {
            Require(table, table.Key ?? table.Written, rows.BeforeColumns.Span, rows);
        }
    }

    private static void Require(TablePlan table, ColumnPlan[] columns, ReadOnlySpan<byte> present, RowsEvent rows)
    {
        foreach (var column in columns)
        {
            int at = column.Index >> 3;
            if (at >= present.Length || (present[at] & (1 << (column.Index & 7))) == 0)
            {
                throw ReplicationErrors.IncompleteRowImage(table.Name, column.Definition.Name, rows.End);
            }
        }
    }
}
