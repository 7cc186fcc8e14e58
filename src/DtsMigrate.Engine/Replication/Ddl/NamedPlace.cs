using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>A table or other object that a statement names, and where.</summary>
/// <param name="Name">Its name on the source.</param>
/// <param name="Place">Its tokens.</param>
internal readonly record struct NamedPlace(QualifiedName Name, TableReference Place);
