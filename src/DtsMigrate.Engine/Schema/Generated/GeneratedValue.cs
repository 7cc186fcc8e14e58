namespace DtsMigrate.Engine.Schema.Generated;

/// <summary>A value that the server computes from other columns of the row and keeps: a stored generated column, an indexed virtual one, an expression as part of an index.</summary>
/// <param name="Name">Quoted name of the column, or of the index that the expression is part of.</param>
/// <param name="Column">The column; null for an expression of an index.</param>
/// <param name="IsStored">The row holds it; otherwise only an index does.</param>
/// <param name="Expression">The expression with its parentheses, as SHOW CREATE TABLE prints it.</param>
/// <param name="Inputs">What it takes besides columns.</param>
internal sealed record GeneratedValue(string Name, string? Column, bool IsStored, string Expression, SessionInputs Inputs)
{
    /// <summary>True when it takes any of these.</summary>
    public bool Takes(SessionInputs any) => (Inputs & any) != SessionInputs.None;
}
