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

    /// <summary>Compiles a link.</summary>
    public static CascadeEdge Of(CascadeLink link, TablePlan child, TablePlan parent) => new(link, child, Columns(child, link.Key.Columns), Columns(parent, link.Key.ParentColumns));

    private static ColumnPlan[] Columns(TablePlan table, IReadOnlyList<string> names) =>
        [.. names.Select(n => new ColumnPlan(table.Route.Definition.Columns.First(c => c.Name.Equals(n, StringComparison.OrdinalIgnoreCase))))];
}
