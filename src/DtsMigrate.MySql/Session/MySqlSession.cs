using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Session;

/// <summary>One connection to one server. Not thread safe: one command at a time.</summary>
public sealed class MySqlSession : IAsyncDisposable
{
    private MySqlSession()
    {
    }

    /// <summary>Version of the server.</summary>
    public ServerVersion ServerVersion => throw new NotImplementedException();

    /// <summary>Connection id on the server, for KILL.</summary>
    public uint ConnectionId => throw new NotImplementedException();

    /// <summary>Protocol and cipher in force, for example <c>TLSv1.3 TLS_AES_256_GCM_SHA384</c>; null without TLS.</summary>
    public string? TlsInForce => throw new NotImplementedException();

    /// <summary>Connects, negotiates TLS and authenticates. utf8mb4 is the session's character set.</summary>
    /// <exception cref="MySqlConnectionException">No connection, no TLS as asked for, or a time limit passed.</exception>
    /// <exception cref="MySqlServerException">The server refused, for example 1045.</exception>
    public static Task<MySqlSession> ConnectAsync(MySqlSessionOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Runs one statement that returns no rows (rows, if any, are drained).</summary>
    public Task<StatementResult> ExecuteAsync(string sql, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Runs one or more statements separated by semicolons, sent as one packet. Fails at the first that fails; the ones before it have run.</summary>
    /// <returns>One result per statement, in order.</returns>
    public Task<IReadOnlyList<StatementResult>> ExecuteBatchAsync(ReadOnlyMemory<byte> sql, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Runs a query and streams its rows.</summary>
    public Task<TextResultSet> QueryAsync(string sql, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Runs a query and keeps all rows: for small results.</summary>
    public Task<IReadOnlyList<TextRow>> QueryRowsAsync(string sql, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Runs a LOAD DATA LOCAL INFILE statement; <paramref name="produce"/> writes the stream. The file name in the statement is ignored: only this stream is ever sent.</summary>
    /// <remarks>When <paramref name="produce"/> throws, the stream is ended, the server's answer is read, and its exception is rethrown: the caller must roll back.</remarks>
    public Task<LoadResult> LoadLocalAsync(string sql, Func<LocalInfileWriter, CancellationToken, Task> produce, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>COM_PING.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Says goodbye and closes the socket.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
