namespace DtsMigrate.Engine.Schema;

/// <summary>A unique key of a source table; functional parts make <see cref="Columns"/> incomplete and <see cref="IsPlain"/> false.</summary>
/// <param name="Name">Name; PRIMARY for the primary key.</param>
/// <param name="Columns">Columns in key order.</param>
/// <param name="IsPlain">Whole columns only: no prefix and no expression.</param>
/// <param name="IsNullable">Some column may be NULL.</param>
public sealed record KeyDefinition(string Name, IReadOnlyList<ColumnDefinition> Columns, bool IsPlain, bool IsNullable);
