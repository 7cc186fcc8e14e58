using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>What the copy needs to know of a table on the destination.</summary>
/// <param name="Columns">Its columns.</param>
/// <param name="Engine">Its storage engine.</param>
internal sealed record TableShape(IReadOnlyList<ColumnDefinition> Columns, string Engine);
