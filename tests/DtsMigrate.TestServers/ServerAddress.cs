namespace DtsMigrate.TestServers;

internal sealed record ServerAddress(string Name, string Host, int Port, string User);
