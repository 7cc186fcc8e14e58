namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>A CREATE TABLE for the destination.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Dropped">Options of the source that were left out, as it printed them.</param>
internal sealed record RewrittenTable(string Sql, IReadOnlyList<string> Dropped);
