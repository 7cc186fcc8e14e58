namespace DtsMigrate.MySql.Errors;

/// <summary>An ERR packet: the server refused or failed a request.</summary>
/// <remarks>MySQL internals manual, "ERR_Packet".</remarks>
public sealed class MySqlServerException : DtsMigrateException
{
    /// <summary>Creates the error from the fields of an ERR packet.</summary>
    public MySqlServerException(int errno, string sqlState, string serverMessage, string? statement = null)
        : base("MySqlServerError", $"MySQL error {errno} ({sqlState}): {serverMessage}")
    {
        Errno = errno;
        SqlState = sqlState;
        ServerMessage = serverMessage;
        Target = statement;
    }

    /// <summary>Server error number, for example 1062.</summary>
    public int Errno { get; }

    /// <summary>Five-character SQLSTATE, <c>HY000</c> when the server gave none.</summary>
    public string SqlState { get; }

    /// <summary>The server's own text.</summary>
    public string ServerMessage { get; }
}
