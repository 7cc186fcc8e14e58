namespace DtsMigrate.Testing;

/// <summary>Which way bytes flow through a <see cref="FaultProxy"/>.</summary>
public enum ProxyDirection
{
    /// <summary>From the client to the server.</summary>
    ToServer,

    /// <summary>From the server to the client.</summary>
    ToClient,
}
