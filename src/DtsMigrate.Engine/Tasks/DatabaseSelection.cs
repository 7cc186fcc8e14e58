namespace DtsMigrate.Engine.Tasks;

/// <summary>A selected database: wholly, or some of its tables.</summary>
/// <param name="Name">Name on the source.</param>
/// <param name="To">Name on the destination.</param>
/// <param name="All">Every table, now and later.</param>
/// <param name="Tables">The tables, when not <paramref name="All"/>; with All, tables that get another name.</param>
public sealed record DatabaseSelection(string Name, string To, bool All, IReadOnlyList<TableSelection> Tables)
{
    /// <summary>Kinds of DML and DDL for the database; where it says nothing, what is said for the task counts.</summary>
    public OperationKinds Operations { get; init; }
}
