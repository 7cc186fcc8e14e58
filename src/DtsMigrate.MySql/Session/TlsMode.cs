namespace DtsMigrate.MySql.Session;

/// <summary>How a connection uses TLS; the words of MySQL's own <c>--ssl-mode</c>.</summary>
public enum TlsMode
{
    /// <summary>Never use TLS.</summary>
    Disabled,

    /// <summary>Use TLS if the server offers it; the certificate is not checked.</summary>
    Preferred,

    /// <summary>Refuse to go on without TLS; the certificate is not checked.</summary>
    Required,

    /// <summary>As Required, and the certificate chain must lead to the given CA (or to a system root when none is given).</summary>
    VerifyCA,

    /// <summary>As VerifyCA, and the certificate must be for the host name connected to.</summary>
    VerifyFull,
}
