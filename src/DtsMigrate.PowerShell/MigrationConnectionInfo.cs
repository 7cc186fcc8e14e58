using DtsMigrate.Engine.Connections;

namespace DtsMigrate.PowerShell;

/// <summary>A named connection as the pipeline sees it; never with its password. Its <see cref="Name"/> binds to the other cmdlets of connections.</summary>
public sealed record MigrationConnectionInfo
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary><c>host:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>Account.</summary>
    public required string User { get; init; }

    /// <summary>Where the password is found, in words.</summary>
    public required string Password { get; init; }

    /// <summary>TLS mode.</summary>
    public required string Tls { get; init; }

    /// <summary>CA file; null for the system's roots.</summary>
    public string? TlsCa { get; init; }

    /// <summary>Further servers of the same cluster, with commas between them; null for none.</summary>
    public string? OtherHosts { get; init; }

    /// <summary>The file of the connection.</summary>
    public required string Path { get; init; }

    internal static MigrationConnectionInfo From(ConnectionProfile profile, ConnectionStore store) => new()
    {
        Name = profile.Name,
        Server = ServerText.Address(profile.Definition),
        User = profile.Definition.User,
        Password = ServerText.Password(profile.Definition.Password),
        Tls = profile.Definition.Tls.ToString(),
        TlsCa = profile.Definition.TlsCa,
        OtherHosts = profile.Definition.OtherHosts,
        Path = store.PathOf(profile.Name),
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
