using System.Collections.Frozen;
using System.Net.Sockets;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Faults;

/// <summary>The one place that decides whether a failure may be retried: by exception type, code and errno, never by text.</summary>
public static class FaultClassifier
{
    // MySQL error reference, "Server Error Message Reference" and "Client Error Message Reference".
    private static readonly FrozenDictionary<int, FaultClass> ByErrno = new Dictionary<int, FaultClass>
    {
        [1040] = FaultClass.RetryConnection, // ER_CON_COUNT_ERROR: too many connections
        [1042] = FaultClass.RetryConnection, // ER_BAD_HOST_ERROR: the server cannot resolve us
        [1043] = FaultClass.RetryConnection, // ER_HANDSHAKE_ERROR
        [1053] = FaultClass.RetryConnection, // ER_SERVER_SHUTDOWN
        [1077] = FaultClass.RetryConnection, // ER_NORMAL_SHUTDOWN
        [1079] = FaultClass.RetryConnection, // ER_SHUTDOWN_COMPLETE
        [1080] = FaultClass.RetryConnection, // ER_FORCING_CLOSE
        [1152] = FaultClass.RetryConnection, // ER_ABORTING_CONNECTION
        [1158] = FaultClass.RetryConnection, // ER_NET_READ_ERROR
        [1159] = FaultClass.RetryConnection, // ER_NET_READ_INTERRUPTED
        [1160] = FaultClass.RetryConnection, // ER_NET_ERROR_ON_WRITE
        [1161] = FaultClass.RetryConnection, // ER_NET_WRITE_INTERRUPTED
        [1184] = FaultClass.RetryConnection, // ER_NEW_ABORTING_CONNECTION
        [1203] = FaultClass.RetryConnection, // ER_TOO_MANY_USER_CONNECTIONS
        [1226] = FaultClass.RetryConnection, // ER_USER_LIMIT_REACHED
        [2006] = FaultClass.RetryConnection, // CR_SERVER_GONE_ERROR
        [2013] = FaultClass.RetryConnection, // CR_SERVER_LOST
        [3032] = FaultClass.RetryConnection, // ER_SERVER_OFFLINE_MODE
        [3168] = FaultClass.RetryConnection, // ER_SERVER_ISNT_AVAILABLE
        [3169] = FaultClass.RetryConnection, // ER_SESSION_WAS_KILLED
        [4031] = FaultClass.RetryConnection, // ER_CLIENT_INTERACTION_TIMEOUT

        [1205] = FaultClass.RetryOther, // ER_LOCK_WAIT_TIMEOUT
        [1206] = FaultClass.RetryOther, // ER_LOCK_TABLE_FULL
        [1213] = FaultClass.RetryOther, // ER_LOCK_DEADLOCK
        [1223] = FaultClass.RetryOther, // ER_CANT_UPDATE_WITH_READLOCK
        [1290] = FaultClass.RetryOther, // ER_OPTION_PREVENTS_STATEMENT: read_only, super_read_only during a failover
        [1317] = FaultClass.RetryOther, // ER_QUERY_INTERRUPTED: an operator's KILL QUERY
        [1412] = FaultClass.RetryOther, // ER_TABLE_DEF_CHANGED: the snapshot is older than the table
        [1637] = FaultClass.RetryOther, // ER_TOO_MANY_CONCURRENT_TRXS
        [1689] = FaultClass.RetryOther, // ER_LOCK_ABORTED
        [1799] = FaultClass.RetryOther, // ER_INNODB_ONLINE_LOG_TOO_BIG: too many writes to the table while an index was built
        [1836] = FaultClass.RetryOther, // ER_READ_ONLY_MODE
        [3024] = FaultClass.RetryOther, // ER_QUERY_TIMEOUT: max_execution_time
        [3100] = FaultClass.RetryOther, // ER_RUN_HOOK_ERROR: group replication refuses commits for now
        [3101] = FaultClass.RetryOther, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT
        [3572] = FaultClass.RetryOther, // ER_LOCK_NOWAIT

        [1153] = FaultClass.Split, // ER_NET_PACKET_TOO_LARGE

        [20] = FaultClass.WaitForSpace, // EE_DISK_FULL
        [1021] = FaultClass.WaitForSpace, // ER_DISK_FULL
        [1041] = FaultClass.WaitForSpace, // ER_OUT_OF_RESOURCES
        [1114] = FaultClass.WaitForSpace, // ER_RECORD_FILE_FULL: what InnoDB says when its file cannot grow
        [1878] = FaultClass.WaitForSpace, // ER_TEMP_FILE_WRITE_FAILURE: tmpdir is full

        [3] = FaultClass.WaitForUser, // EE_WRITE: error writing a file, for want of space or another cause
        [1026] = FaultClass.WaitForUser, // ER_ERROR_ON_WRITE
        [1037] = FaultClass.WaitForUser, // ER_OUTOFMEMORY
        [1038] = FaultClass.WaitForUser, // ER_OUT_OF_SORTMEMORY
        [1044] = FaultClass.WaitForUser, // ER_DBACCESS_DENIED_ERROR
        [1045] = FaultClass.WaitForUser, // ER_ACCESS_DENIED_ERROR
        [1129] = FaultClass.WaitForUser, // ER_HOST_IS_BLOCKED
        [1130] = FaultClass.WaitForUser, // ER_HOST_NOT_PRIVILEGED
        [1142] = FaultClass.WaitForUser, // ER_TABLEACCESS_DENIED_ERROR
        [1143] = FaultClass.WaitForUser, // ER_COLUMNACCESS_DENIED_ERROR
        [1227] = FaultClass.WaitForUser, // ER_SPECIFIC_ACCESS_DENIED_ERROR
        [1820] = FaultClass.WaitForUser, // ER_MUST_CHANGE_PASSWORD
        [1862] = FaultClass.WaitForUser, // ER_MUST_CHANGE_PASSWORD_LOGIN
        [3118] = FaultClass.WaitForUser, // ER_ACCOUNT_HAS_BEEN_LOCKED
    }.ToFrozenDictionary();

    // A server that says these is there, knows us, and will be back: worth waiting for even at first contact.
    private static readonly FrozenSet<int> BusyForNow = new[] { 1040, 1053, 1077, 1203, 1226, 3032, 3168 }.ToFrozenSet();

    // Errors that stand for themselves whatever caused them: trying again could write twice, or without the right to.
    private static readonly FrozenSet<string> Final = new[] { "AmbiguousCommit", "CredentialsRefused", "LeaseLost", "LeaseHeld", "TaskDefinitionChanged", "TableDefinitionChanged", "SnapshotLost" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The account lacks a privilege: ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR.</summary>
    public static bool IsDenied(MySqlServerException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Errno is 1044 or 1142 or 1227;
    }

    /// <summary>Classifies a failure.</summary>
    /// <param name="exception">
    /// The failure. The outermost error of a server or connection in its chain decides; of several (<see cref="AggregateException"/>) the worst.
    /// </param>
    /// <param name="established">
    /// The server has been worked with before. False at first contact, when a wrong password, host or port is far more likely than an outage:
    /// then only a server that says itself to be full or busy for now is tried again.
    /// </param>
    public static FaultClass Classify(Exception exception, bool established = true)
    {
        ArgumentNullException.ThrowIfNull(exception);
        bool transient = false;
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case MySqlServerException server:
                    return OfErrno(server.Errno, established);
                case MySqlConnectionException connection:
                    return connection.IsTransient && established ? FaultClass.RetryConnection : FaultClass.Stop;
                case SocketException:
                    return established ? FaultClass.RetryConnection : FaultClass.Stop;
                case MySqlProtocolException or OperationCanceledException:
                    return FaultClass.Stop;
                case DtsMigrateException own when Final.Contains(own.Code):
                    return FaultClass.Stop;
                case DtsMigrateException own:
                    transient |= own.IsTransient;
                    break;
                case AggregateException several when several.InnerExceptions.Count > 0:
                    return several.InnerExceptions.Max(inner => Classify(inner, established));
            }
        }

        return transient && established ? FaultClass.RetryOther : FaultClass.Stop;
    }

    private static FaultClass OfErrno(int errno, bool established)
    {
        FaultClass known = ByErrno.GetValueOrDefault(errno, FaultClass.Stop);
        return established || known is FaultClass.RetryOther or FaultClass.Split || BusyForNow.Contains(errno) ? known : FaultClass.Stop;
    }
}
