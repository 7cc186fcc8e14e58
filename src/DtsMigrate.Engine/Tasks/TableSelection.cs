namespace DtsMigrate.Engine.Tasks;

/// <summary>A selected table.</summary>
/// <param name="Name">Name on the source.</param>
/// <param name="To">Name on the destination.</param>
public sealed record TableSelection(string Name, string To)
{
    /// <summary>Kinds of DML and DDL for the table; where it says nothing, what is said for its database counts.</summary>
    public OperationKinds Operations { get; init; }
}
