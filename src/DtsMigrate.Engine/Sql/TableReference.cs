namespace DtsMigrate.Engine.Sql;

/// <summary>A place of a text that names a table.</summary>
/// <param name="Database">Index of the database's token; -1 when the name is not qualified.</param>
/// <param name="Name">Index of the table's token.</param>
internal readonly record struct TableReference(int Database, int Name);
