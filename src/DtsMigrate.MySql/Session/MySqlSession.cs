using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>One connection to one server. Not thread safe: one command at a time.</summary>
/// <remarks>
/// Cancelling the token of a running command kills it on the server and throws <see cref="OperationCanceledException"/>, even when the
/// command ended in that very moment: its outcome is then unknown to the caller. The session can be used on unless <see cref="IsBroken"/>.
/// </remarks>
public sealed class MySqlSession : IAsyncDisposable
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);

    private static readonly byte[] LongStatement = Encoding.ASCII.GetBytes("DO 0".PadRight(256 << 10));

    private readonly SessionWire _wire;
    private readonly ResponseReader _response;
    private readonly CommandRunner _runner;
    private bool _disposed;

    private MySqlSession(SessionWire wire, SessionConnector connector, MySqlSessionOptions options, TimeProvider time)
    {
        _wire = wire;
        _response = new ResponseReader(wire);
        ServerVersion = connector.Version!;
        Identity = connector.Identity!;
        TlsInForce = connector.TlsInForce;
        _runner = new CommandRunner(wire, _response, new CommandCancellation(Identity, options, time, wire.Transport, KillLimit), time);
    }

    /// <summary>Version of the server.</summary>
    public ServerVersion ServerVersion { get; }

    /// <summary>Connection id on the server, for KILL.</summary>
    public uint ConnectionId => (uint)Identity.ConnectionId;

    /// <summary>@@server_uuid: two sessions with the same value are on the same server. Empty when the server has none.</summary>
    public string ServerUuid => Identity.ServerUuid;

    /// <summary>Protocol and cipher in force, for example <c>TLSv1.3 TLS_AES_256_GCM_SHA384</c>; null without TLS.</summary>
    public string? TlsInForce { get; }

    /// <summary>True when the connection is of no use any more: lost, out of step, or closed to end a command. Dispose it and connect again.</summary>
    public bool IsBroken => _runner.IsBroken;

    /// <summary>True when the server reported an open transaction with its last answer.</summary>
    public bool InTransaction => _response.Status.HasFlag(ServerStatus.InTransaction);

    internal SessionIdentity Identity { get; }

    internal SessionWire Wire => _wire;

    /// <summary>Connects, negotiates TLS and authenticates. utf8mb4 is the session's character set.</summary>
    /// <exception cref="MySqlConnectionException">No connection, no TLS as asked for, or a time limit passed.</exception>
    /// <exception cref="MySqlServerException">The server refused, for example 1045.</exception>
    public static async Task<MySqlSession> ConnectAsync(MySqlSessionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var connector = new SessionConnector(options, time);
        var wire = await connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
        return new MySqlSession(wire, connector, options, time);
    }

    /// <summary>Runs one statement that returns no rows (rows, if any, are drained).</summary>
    /// <exception cref="MySqlServerException">The statement failed; the session can be used on.</exception>
    /// <exception cref="MySqlConnectionException">The connection was lost: whether the statement ran is not known.</exception>
    public Task<StatementResult> ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        _runner.RunAsync(
            async () =>
            {
                await _runner.SendAsync(sql).ConfigureAwait(false);
                await _response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
                return _response.LastResult;
            },
            cancellationToken);

    /// <summary>Runs one or more statements separated by semicolons, sent as one packet. Fails at the first that fails; the ones before it have run.</summary>
    /// <returns>One result per statement, in order.</returns>
    /// <exception cref="MySqlServerException">A statement failed; <see cref="MySqlServerException.StatementIndex"/> says which.</exception>
    public Task<IReadOnlyList<StatementResult>> ExecuteBatchAsync(ReadOnlyMemory<byte> sql, CancellationToken cancellationToken) =>
        _runner.RunAsync<IReadOnlyList<StatementResult>>(
            async () =>
            {
                _response.Begin(null);
                await _wire.Output.WriteCommandAsync(Command.Query, sql).ConfigureAwait(false);
                var results = new List<StatementResult>();
                while (_response.Pending)
                {
                    await ReadStatementAsync().ConfigureAwait(false);
                    results.Add(_response.LastResult);
                }

                return results;
            },
            cancellationToken);

    /// <summary>
    /// Makes the server write the results of this session, and binary log events, in pieces of 256 KiB instead of <c>net_buffer_length</c> (16 KiB): a connection's buffer grows to the longest statement
    /// it has received and does not shrink (reference manual, "How MySQL Uses Memory"; the session value of the variable is read-only). Fewer and larger pieces are fewer system calls on both sides, and this side
    /// wakes up for each of them. Under TLS records of 16 KiB remain. Does nothing where <c>max_allowed_packet</c> does not let such a statement through.
    /// </summary>
    /// <exception cref="MySqlServerException">The session was killed.</exception>
    public async Task EnlargeServerBufferAsync(CancellationToken cancellationToken)
    {
        var allowed = (await QueryRowsAsync("SELECT @@max_allowed_packet", cancellationToken).ConfigureAwait(false))[0].GetString(0);
        if (long.Parse(allowed, CultureInfo.InvariantCulture) >= 2 * LongStatement.Length)
        {
            await ExecuteBatchAsync(LongStatement, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a query and streams its rows.</summary>
    /// <exception cref="MySqlServerException">The query failed; the session can be used on.</exception>
    public Task<TextResultSet> QueryAsync(string sql, CancellationToken cancellationToken) =>
        _runner.RunAsync<TextResultSet>(
            async () =>
            {
                await _runner.SendAsync(sql).ConfigureAwait(false);
                bool hasRows = await _response.ReadHeadAsync().ConfigureAwait(false) switch
                {
                    ResponseKind.Rows => true,
                    ResponseKind.LocalInfile => throw _response.Unasked(),
                    _ => false,
                };
                if (!hasRows)
                {
                    await _response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
                }

                return new StreamingResultSet(_runner, _response, _wire.Input, hasRows);
            },
            cancellationToken,
            keepsResult: true);

    /// <summary>Runs a query and keeps all rows: for small results.</summary>
    /// <exception cref="MySqlServerException">The query failed; the session can be used on.</exception>
    public async Task<IReadOnlyList<TextRow>> QueryRowsAsync(string sql, CancellationToken cancellationToken)
    {
        var result = await QueryAsync(sql, cancellationToken).ConfigureAwait(false);
        await using (result.ConfigureAwait(false))
        {
            var rows = new List<TextRow>();
            while (await result.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(Keep(result.Fields, result.Columns.Count));
            }

            return rows;
        }
    }

    /// <summary>Runs several queries separated by semicolons, sent as one packet: one round trip for all of them. For small results.</summary>
    /// <param name="sql">The queries.</param>
    /// <param name="results">Gets the rows of each query as it is answered, in order; those before a query that fails are in it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MySqlServerException">A query failed; <see cref="MySqlServerException.StatementIndex"/> says which. Those after it have not run.</exception>
    public Task QueryBatchAsync(string sql, ICollection<IReadOnlyList<TextRow>> results, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        return _runner.RunAsync(
            async () =>
            {
                await _runner.SendAsync(sql).ConfigureAwait(false);
                while (_response.Pending)
                {
                    var rows = new List<TextRow>();
                    switch (await _response.ReadHeadAsync().ConfigureAwait(false))
                    {
                        case ResponseKind.LocalInfile:
                            throw _response.Unasked();
                        case ResponseKind.Rows:
                            while (await _response.ReadRowAsync().ConfigureAwait(false))
                            {
                                rows.Add(Keep(new TextRowReader(_wire.Input.Payload), _response.Columns.Count));
                            }

                            break;
                    }

                    results.Add(rows);
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>Runs a LOAD DATA LOCAL INFILE statement; <paramref name="produce"/> writes the stream. The file name in the statement is ignored: only this stream is ever sent.</summary>
    /// <remarks>When <paramref name="produce"/> throws, the stream is ended, the server's answer is read, and its exception is rethrown: the caller must roll back.</remarks>
    /// <exception cref="MySqlServerException">The server failed the load. What it has taken so far is undone only by rolling back.</exception>
    /// <exception cref="MySqlProtocolException">The server did not ask for the stream, or its result text is not understood.</exception>
    public Task<LoadResult> LoadLocalAsync(string sql, Func<LocalInfileWriter, CancellationToken, Task> produce, CancellationToken cancellationToken) =>
        _runner.RunAsync(
            async () =>
            {
                await _runner.SendAsync(sql).ConfigureAwait(false);
                if (await _response.ReadHeadAsync().ConfigureAwait(false) != ResponseKind.LocalInfile)
                {
                    throw new MySqlProtocolException($"{_wire.Transport.Endpoint} did not ask for the stream of LOAD DATA LOCAL INFILE.");
                }

                await new LoadExchange(_wire, _response).RunAsync(produce, cancellationToken).ConfigureAwait(false);
                return LoadInfo.Parse(_response.LastResult.Info);
            },
            cancellationToken);

    /// <summary>COM_PING.</summary>
    public Task PingAsync(CancellationToken cancellationToken) =>
        _runner.RunAsync(
            async () =>
            {
                _response.Begin(null);
                await _wire.Output.WriteCommandAsync(Command.Ping, ReadOnlyMemory<byte>.Empty).ConfigureAwait(false);
                await _response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Says goodbye and closes the socket. An open result set is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        bool idle = _runner.Close();
        if (idle)
        {
            _wire.Transport.WriteLimit = GoodbyeLimit;
            try
            {
                await _wire.Output.WriteCommandAsync(Command.Quit, ReadOnlyMemory<byte>.Empty).ConfigureAwait(false);
            }
            catch (MySqlConnectionException)
            {
                // The server was gone first; the goodbye is a courtesy.
            }
        }

        _wire.Close(recycleBuffers: idle);
    }

    private async ValueTask ReadStatementAsync()
    {
        switch (await _response.ReadHeadAsync().ConfigureAwait(false))
        {
            case ResponseKind.LocalInfile:
                throw _response.Unasked();
            case ResponseKind.Rows:
                while (await _response.ReadRowAsync().ConfigureAwait(false))
                {
                    // A statement of a batch has no use for rows.
                }

                break;
        }
    }

    private static TextRow Keep(TextRowReader fields, int columns)
    {
        var values = new byte[]?[columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = fields.ReadField(out var value) ? value.ToArray() : null;
        }

        return fields.AtEnd ? new TextRow(values) : throw new MySqlProtocolException("A text row holds more fields than the result set has columns.");
    }
}
