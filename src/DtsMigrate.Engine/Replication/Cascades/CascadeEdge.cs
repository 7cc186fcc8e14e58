using DtsMigrate.Engine.Replication.Rows;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>A link compiled for the applier.</summary>
/// <param name="Link">The link.</param>
/// <param name="Child">The table whose rows are changed.</param>
/// <param name="ChildColumns">The foreign key's columns.</param>
/// <param name="ParentColumns">The columns that they refer to.</param>
internal sealed record CascadeEdge(CascadeLink Link, TablePlan Child, ColumnPlan[] ChildColumns, ColumnPlan[] ParentColumns)
{
    /// <summary>What happens to the child's rows.</summary>
    public CascadeAction ActionOf(bool isDelete) => isDelete ? Link.OnDelete : Link.OnUpdate;

    /// <summary>Compiles a link; null when its columns are not known: those of a table that DDL has brought in are not until its copy begins.</summary>
    public static CascadeEdge? TryOf(CascadeLink link, TablePlan child, TablePlan parent) =>
        TryFind(child, link.Key.Columns) is { } columns && TryFind(parent, link.Key.ParentColumns) is { } parentColumns
            ? new CascadeEdge(link, child, columns, parentColumns)
            : null;

    private static ColumnPlan[]? TryFind(TablePlan table, IReadOnlyList<string> names)
    {
        var columns = table.Route.Definition.Columns;
        var found = names.Select(n => columns.FirstOrDefault(c => c.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).OfType<Schema.ColumnDefinition>().ToList();
        return found.Count == names.Count ? [.. found.Select(c => new ColumnPlan(c))] : null;
    }
}
