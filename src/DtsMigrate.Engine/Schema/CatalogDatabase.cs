namespace DtsMigrate.Engine.Schema;

/// <summary>A row of information_schema.SCHEMATA.</summary>
/// <param name="Name">Name as the server stores it.</param>
/// <param name="Charset">Default character set.</param>
/// <param name="Collation">Default collation.</param>
/// <param name="IsEncrypted">New tables are encrypted by default.</param>
internal sealed record CatalogDatabase(string Name, string Charset, string Collation, bool IsEncrypted);
