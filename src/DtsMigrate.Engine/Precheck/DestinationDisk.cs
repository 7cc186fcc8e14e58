namespace DtsMigrate.Engine.Precheck;

/// <summary>
/// Free space of the disk that holds the destination's data. No statement tells it: information_schema knows what is free inside of tablespaces, not beside them. Where the destination runs on
/// this machine it is asked of the operating system.
/// </summary>
internal static class DestinationDisk
{
    /// <summary>Free bytes for the server's data; null when they cannot be known from here.</summary>
    /// <param name="dataFolder">The server's datadir.</param>
    /// <param name="serverUuid">Its server_uuid: the folder is its own only if it says so, too.</param>
    public static long? Free(string dataFolder, string serverUuid)
    {
        try
        {
            // MySQL manual, "Replication and Binary Logging Options and Variables": auto.cnf holds the server_uuid.
            string identity = Path.Combine(dataFolder, "auto.cnf");
            return Path.IsPathFullyQualified(dataFolder) && File.Exists(identity) && File.ReadAllText(identity).Contains(serverUuid, StringComparison.OrdinalIgnoreCase)
                ? new DriveInfo(dataFolder).AvailableFreeSpace
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The folder of another machine, or one that only the server may read: not known.
            return null;
        }
    }
}
