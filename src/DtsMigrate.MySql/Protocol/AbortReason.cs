namespace DtsMigrate.MySql.Protocol;

/// <summary>Why this side closed the socket under a pending read or write.</summary>
internal enum AbortReason
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The server was silent for longer than the read limit.</summary>
    ReadTimeout,

    /// <summary>The server took no bytes for longer than the write limit.</summary>
    WriteTimeout,

    /// <summary>Connect, TLS and authentication together took too long.</summary>
    ConnectTimeout,

    /// <summary>The caller cancelled, and the running command could not be ended in a softer way.</summary>
    Cancelled,

    /// <summary>What the server sent cannot be trusted any more.</summary>
    ProtocolViolation,

    /// <summary>The session is being disposed.</summary>
    Closed,
}
