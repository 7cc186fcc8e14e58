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
        IsTransient = IsTransientErrno(errno);
    }

    /// <summary>Server error number, for example 1062.</summary>
    public int Errno { get; }

    /// <summary>Five-character SQLSTATE, <c>HY000</c> when the server gave none.</summary>
    public string SqlState { get; }

    /// <summary>The server's own text.</summary>
    public string ServerMessage { get; }

    /// <summary>Which statement of a batch failed, counted from 0; 0 for a single statement. The ones before it have run.</summary>
    public int StatementIndex { get; init; }

    /// <summary>Busy, going down, timed out or deadlocked: states that pass without anybody's help.</summary>
    private static bool IsTransientErrno(int errno) => errno is
        1040 or // too many connections
        1053 or // server shutdown in progress
        1077 or 1079 or // normal shutdown, shutdown complete
        1152 or 1158 or 1159 or 1160 or 1161 or 1184 or // aborted connection, network read and write
        1203 or 1226 or // too many connections of the account, resource limit of the account
        1205 or 1213 or // lock wait timeout, deadlock
        1290 or 1836 or // read-only server: a failover or a cutover is going on
        3032 or // server in offline mode
        3100 or 3101 or // group replication hook failed, transaction rolled back by the plugin
        4031; // closed by the server for inactivity
}
