namespace DtsMigrate.Engine.Schema;

/// <summary>A row of information_schema.STATISTICS: one part of an index.</summary>
/// <param name="Index">Name of the index.</param>
/// <param name="IsUnique">The index is unique.</param>
/// <param name="Column">Column; null for an expression.</param>
/// <param name="Prefix">Indexed prefix in characters or bytes; null for the whole column.</param>
/// <param name="IsNullable">The part may be NULL.</param>
/// <param name="Expression">Expression of a functional part, else null.</param>
/// <param name="IsDescending">The part is held in descending order.</param>
/// <param name="IsVisible">The optimiser may use the index.</param>
internal sealed record CatalogKeyPart(string Index, bool IsUnique, string? Column, int? Prefix, bool IsNullable, string? Expression, bool IsDescending, bool IsVisible);
