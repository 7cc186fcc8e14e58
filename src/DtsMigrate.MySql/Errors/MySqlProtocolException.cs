namespace DtsMigrate.MySql.Errors;

/// <summary>Bytes from a server that do not make sense as MySQL protocol or binlog. Never transient: the stream cannot be trusted.</summary>
public sealed class MySqlProtocolException : DtsMigrateException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was expected and what was found, with packet or event type and offset.</param>
    /// <param name="inner">The cause, if any.</param>
    public MySqlProtocolException(string message, Exception? inner = null)
        : base("MySqlProtocolError", message, inner)
    {
    }
}
