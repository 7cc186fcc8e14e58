using System.Globalization;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>How a worker signs the lease: <c>machine:process:random:source</c>, the last being the <c>server_uuid</c> of the source that it reads.</summary>
internal static class LeaseOwner
{
    /// <summary>The signature of this process.</summary>
    public static string Create(string sourceUuid) =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}:{sourceUuid}");

    /// <summary>The machine.</summary>
    public static string Machine(string owner) => owner.Split(':', 2)[0];

    /// <summary>The source's <c>server_uuid</c>; empty where the signature does not say.</summary>
    public static string SourceUuid(string owner) => owner.Split(':') is { Length: 4 } parts ? parts[3] : string.Empty;
}
