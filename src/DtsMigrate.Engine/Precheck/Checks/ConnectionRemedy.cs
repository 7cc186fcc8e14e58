using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>What to do about a connection that was not made.</summary>
internal static class ConnectionRemedy
{
    /// <summary>The remedy for an error.</summary>
    public static string For(DtsMigrateException error) => error is MySqlServerException server
        ? ForServer(server.Errno)
        : error.RecommendedAction ?? error.Code switch
        {
            "HostUnknown" => "Correct the host name, or the name service of this machine.",
            "ServerUnreachable" or "ConnectTimeout" => "Check host and port, that the server runs and listens on that address, and that no firewall is between.",
            "TlsUnavailable" => "Let the server offer TLS, or choose the TLS mode Preferred or Disabled.",
            "TlsFailed" => "Give the CA file that signed the server's certificate, use the host name that is in the certificate, or choose the TLS mode Required.",
            "AuthenticationUnsupported" => "Use an account with caching_sha2_password, or TLS; without TLS allow the public key retrieval for it.",
            _ => "Check host, port, account and TLS settings of the connection.",
        };

    // Errno of MySQL 9 reference, "Server Error Message Reference".
    private static string ForServer(int errno) => errno switch
    {
        1045 or 1698 => "Check the user name and the password, and that the account may connect from this host.",
        1130 => "Create the account for this host, or for '%'.",
        1129 => "Run FLUSH HOSTS on the server (TRUNCATE performance_schema.host_cache) and find out why connections failed.",
        1040 or 1203 => "Raise max_connections or max_user_connections, or end other sessions.",
        1820 or 1862 => "Give the account a new password: its old one has expired.",
        3118 => "Unlock the account: ALTER USER ... ACCOUNT UNLOCK.",
        1193 => "Use a MySQL server of version 5.7 or later; this one lacks a variable that every such server has.",
        _ => "See the server's message.",
    };
}
