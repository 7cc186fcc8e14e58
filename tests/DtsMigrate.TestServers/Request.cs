namespace DtsMigrate.TestServers;

/// <summary>A request, one JSON object a line.</summary>
/// <param name="Do"><c>sql</c>, <c>createShop</c>, <c>startWriter</c>, <c>stopWriter</c> or <c>compare</c>.</param>
/// <param name="Server">Server of <c>sql</c>, <c>createShop</c> and <c>startWriter</c>.</param>
/// <param name="Sql">Statements of <c>sql</c>.</param>
/// <param name="Database">Database of the others; on the source for <c>compare</c>.</param>
/// <param name="Destination">Database on the destination for <c>compare</c>.</param>
/// <param name="Rows">Rows of the shop.</param>
internal sealed record Request(string Do, string Server = "source", string Sql = "", string Database = "", string? Destination = null, long Rows = 0);
