namespace DtsMigrate.Testing;

/// <summary>No MySQL server can be found or fetched on this machine. The message names what was tried and the ways left.</summary>
public sealed class MySqlUnavailableException : Exception
{
    private const string WaysLeft =
        "Two ways are left: set DTSMIGRATE_TEST_MYSQLD to the path of a mysqld, or have a running Docker engine that the 'docker' command reaches.";

    /// <summary>An exception without detail.</summary>
    public MySqlUnavailableException()
        : this("no source of a server is known here")
    {
    }

    /// <summary>An exception that names the reason and the ways left.</summary>
    public MySqlUnavailableException(string reason)
        : base(Describe(reason))
    {
    }

    /// <summary>An exception that names the reason and the ways left and keeps its cause.</summary>
    public MySqlUnavailableException(string reason, Exception innerException)
        : base(Describe(reason), innerException)
    {
    }

    private static string Describe(string reason) => $"No MySQL server for tests: {reason}. {WaysLeft}";
}
