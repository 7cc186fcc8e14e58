namespace DtsMigrate.MySql.Session;

/// <summary>Which connection of which server this is.</summary>
/// <param name="ServerUuid">@@server_uuid; empty for servers without one.</param>
/// <param name="ConnectionId">CONNECTION_ID(), which may pass the 32 bits of the greeting.</param>
internal sealed record SessionIdentity(string ServerUuid, ulong ConnectionId);
