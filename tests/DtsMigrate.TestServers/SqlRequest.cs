namespace DtsMigrate.TestServers;

internal sealed record SqlRequest(string Server, string Sql);
