namespace DtsMigrate.Engine.Schema;

/// <summary>A unique key of a source table; functional parts make <see cref="Columns"/> incomplete and <see cref="IsPlain"/> false.</summary>
/// <param name="Name">Name; PRIMARY for the primary key.</param>
/// <param name="Columns">Columns in key order.</param>
/// <param name="IsPlain">Whole columns only: no prefix and no expression.</param>
/// <param name="IsNullable">Some column may be NULL.</param>
public sealed record KeyDefinition(string Name, IReadOnlyList<ColumnDefinition> Columns, bool IsPlain, bool IsNullable)
{
    /// <summary>Places of the columns that the index holds in descending order.</summary>
    public IReadOnlyList<int> Descending { get; init; } = [];

    /// <summary>The optimiser may use the index. An invisible one still keeps its columns unique.</summary>
    public bool IsVisible { get; init; } = true;

    /// <summary>True when the index holds a column in descending order.</summary>
    /// <param name="place">0-based place in the key.</param>
    public bool IsDescending(int place) => Descending.Contains(place);
}
