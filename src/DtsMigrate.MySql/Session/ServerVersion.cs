namespace DtsMigrate.MySql.Session;

/// <summary>Version of a server, comparable.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Patch">Third number.</param>
/// <param name="Text">The server's own text, for example <c>9.7.4</c> or <c>5.7.44-log</c>.</param>
public sealed record ServerVersion(int Major, int Minor, int Patch, string Text)
{
    /// <summary>True when the server is at least the given version.</summary>
    public bool IsAtLeast(int major, int minor = 0, int patch = 0) =>
        (Major, Minor, Patch).CompareTo((major, minor, patch)) >= 0;

    /// <summary>True when both are of one release series, such as 8.4: they print definitions alike.</summary>
    public bool IsSameSeries(ServerVersion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Major, Minor) == (other.Major, other.Minor);
    }

    /// <summary>True when the server has the function JSON_TABLE (Reference Manual, "JSON Table Functions").</summary>
    public bool HasJsonTable => IsAtLeast(8, 0, 4);

    /// <summary>True for MariaDB, which is not supported.</summary>
    public bool IsMariaDb => Text.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
}
