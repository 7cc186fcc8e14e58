namespace DtsMigrate.MySql.Errors;

/// <summary>The connection could not be made, was lost, or a time limit passed. Transient by nature, unless a setting is at fault.</summary>
public sealed class MySqlConnectionException : DtsMigrateException
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">
    /// Stable code. Transient: ServerUnreachable, HostUnknown, ConnectTimeout, ReadTimeout, WriteTimeout, ConnectionLost, CancelFailed.
    /// Not transient, a setting is at fault: TlsUnavailable, TlsFailed, TlsCaUnreadable, AuthenticationUnsupported, ServerTooOld.
    /// </param>
    /// <param name="message">Host, port and what failed.</param>
    /// <param name="inner">The socket or TLS error.</param>
    public MySqlConnectionException(string code, string message, Exception? inner = null)
        : base(code, message, inner) => IsTransient = true;
}
