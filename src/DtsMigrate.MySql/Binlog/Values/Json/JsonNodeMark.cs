namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>The type of one node of a document.</summary>
/// <param name="Ordinal">
/// Its place, from 1, among the members of all objects (path <c>$**.*</c>) or among the elements of all arrays (path <c>$**[*]</c>); 0 is the document itself.
/// </param>
/// <param name="Kind">Its type.</param>
public readonly record struct JsonNodeMark(int Ordinal, JsonNodeKind Kind);
