namespace DtsMigrate.Engine.Alerts;

/// <summary>How TLS is used towards a mail server.</summary>
public enum SmtpTls
{
    /// <summary>From the first byte on port 465, else by STARTTLS where the server offers it. With an account, no mail goes without TLS.</summary>
    Auto,

    /// <summary>No TLS: a relay of your own, without an account.</summary>
    Disabled,

    /// <summary>By STARTTLS; no mail goes to a server that does not offer it.</summary>
    StartTls,

    /// <summary>From the first byte, as on port 465.</summary>
    Implicit,
}
