namespace DtsMigrate.MySql.Session;

/// <summary>Where and how to connect. Immutable; contains no secret in its text form.</summary>
public sealed record MySqlSessionOptions
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 1..65535.</summary>
    public int Port { get; init; } = 3306;

    /// <summary>Account name.</summary>
    public required string User { get; init; }

    /// <summary>Password; <see cref="Secret.Empty"/> is legal.</summary>
    public Secret Password { get; init; } = Secret.Empty;

    /// <summary>TLS mode.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Preferred;

    /// <summary>PEM file with the CA certificates to trust; null for the system's.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>Default database; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>Allow the RSA exchange of caching_sha2_password and sha256_password without TLS. Off, because the key is not authenticated.</summary>
    public bool AllowPublicKeyRetrieval { get; init; }

    /// <summary>Allow mysql_clear_password. Only inside TLS even then.</summary>
    public bool AllowClearTextPassword { get; init; }

    /// <summary>Limit for TCP connect, TLS and authentication together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest silence of the server while an answer is due; <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public TimeSpan ReadTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Longest time one write may be blocked by the peer.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Name shown in performance_schema.session_connect_attrs as program_name.</summary>
    public string ProgramName { get; init; } = "dtsmigrate";
}
