namespace DtsMigrate.Engine.Schema;

/// <summary>A row of information_schema.TABLES.</summary>
/// <param name="Name">Name as the server stores it.</param>
/// <param name="Type">TABLE_TYPE: BASE TABLE, VIEW, SYSTEM VIEW.</param>
/// <param name="Engine">Storage engine, empty for views.</param>
/// <param name="Collation">Default collation.</param>
/// <param name="Rows">TABLE_ROWS, 0 when unknown.</param>
/// <param name="Bytes">DATA_LENGTH, 0 when unknown.</param>
/// <param name="IndexBytes">INDEX_LENGTH, 0 when unknown.</param>
/// <param name="Options">CREATE_OPTIONS: <c>partitioned</c>, <c>ENCRYPTION='Y'</c> ...; empty for none.</param>
internal sealed record CatalogTable(string Name, string Type, string Engine, string? Collation, long Rows, long Bytes, long IndexBytes = 0, string Options = "")
{
    /// <summary>A table that holds rows of its own.</summary>
    public bool IsBaseTable => Type == "BASE TABLE";
}
