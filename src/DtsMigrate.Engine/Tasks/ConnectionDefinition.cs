using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tasks;

/// <summary>One side of a task.</summary>
public sealed record ConnectionDefinition
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Port, 1..65535; default 3306.</summary>
    public int Port { get; init; } = 3306;

    /// <summary>
    /// Destination only: further servers of the same cluster, <c>db2:3306,db3</c>. The one of all that may be written to is used, also after a failover. Null (the default) for none.
    /// </summary>
    public string? OtherHosts { get; init; }

    /// <summary>Account.</summary>
    public required string User { get; init; }

    /// <summary>Where the password is found.</summary>
    public PasswordReference Password { get; init; } = new();

    /// <summary>TLS mode; default Preferred.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Preferred;

    /// <summary>CA file (PEM) for VerifyCA and VerifyFull; null for the system's roots.</summary>
    public string? TlsCa { get; init; }

    /// <summary>Allow the RSA password exchange without TLS; default false.</summary>
    public bool AllowPublicKeyRetrieval { get; init; }
}
