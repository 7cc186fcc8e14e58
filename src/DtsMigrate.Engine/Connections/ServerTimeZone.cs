namespace DtsMigrate.Engine.Connections;

/// <summary>The zone of sessions that set none: the global time_zone, and what its value SYSTEM stands for.</summary>
internal static class ServerTimeZone
{
    /// <summary>The zone by one name: UTC for all of its names.</summary>
    /// <param name="set">Global time_zone.</param>
    /// <param name="system">system_time_zone.</param>
    public static string InForce(string set, string system)
    {
        string name = IsSystem(set) ? system : set;
        return name is "UTC" or "GMT" or "Etc/UTC" or "+00:00" or "-00:00" ? "UTC" : name;
    }

    /// <summary>True when it is UTC.</summary>
    public static bool IsUtc(string set, string system) => InForce(set, system) == "UTC";

    /// <summary>The zone for messages.</summary>
    public static string Show(string set, string system) => IsSystem(set) ? $"SYSTEM ({system})" : set;

    /// <summary>The server's host says which zone it is.</summary>
    public static bool IsSystem(string set) => set.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase);
}
