using System.Buffers;
using System.Runtime.CompilerServices;
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
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);

    /// <summary>A result set disposed early is read to its end up to this many bytes, and killed beyond.</summary>
    private const long AbandonBytes = 4 << 20;

    /// <summary>KILL QUERY seen by the statement: ER_QUERY_INTERRUPTED.</summary>
    private const int QueryInterrupted = 1317;

    private readonly SessionWire _wire;
    private readonly ResponseReader _response;
    private readonly CommandCancellation _cancellation;
    private readonly TimeProvider _time;
    private Exception? _fault;
    private bool _busy;
    private bool _disposed;

    private MySqlSession(SessionWire wire, SessionConnector connector, MySqlSessionOptions options, TimeProvider time)
    {
        _wire = wire;
        _time = time;
        _response = new ResponseReader(wire);
        ServerVersion = connector.Version!;
        Identity = connector.Identity!;
        TlsInForce = connector.TlsInForce;
        _cancellation = new CommandCancellation(Identity, options, time, wire.Transport, KillLimit);
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
    public bool IsBroken => _fault is not null || _wire.Transport.Aborted != AbortReason.None;

    /// <summary>True when the server reported an open transaction with its last answer.</summary>
    public bool InTransaction => _response.Status.HasFlag(ServerStatus.InTransaction);

    internal SessionIdentity Identity { get; }

    internal SessionWire Wire => _wire;

    internal ReadOnlySpan<byte> Payload => _wire.Input.Payload;

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
        RunAsync(
            async () =>
            {
                await SendAsync(sql).ConfigureAwait(false);
                await _response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
                return _response.LastResult;
            },
            cancellationToken);

    /// <summary>Runs one or more statements separated by semicolons, sent as one packet. Fails at the first that fails; the ones before it have run.</summary>
    /// <returns>One result per statement, in order.</returns>
    /// <exception cref="MySqlServerException">A statement failed; <see cref="MySqlServerException.StatementIndex"/> says which.</exception>
    public Task<IReadOnlyList<StatementResult>> ExecuteBatchAsync(ReadOnlyMemory<byte> sql, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<StatementResult>>(
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

    /// <summary>Runs a query and streams its rows.</summary>
    /// <exception cref="MySqlServerException">The query failed; the session can be used on.</exception>
    public Task<TextResultSet> QueryAsync(string sql, CancellationToken cancellationToken) =>
        RunAsync<TextResultSet>(
            async () =>
            {
                await SendAsync(sql).ConfigureAwait(false);
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

                return new StreamingResultSet(this, _response, hasRows);
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
                rows.Add(Keep(result));
            }

            return rows;
        }
    }

    /// <summary>Runs a LOAD DATA LOCAL INFILE statement; <paramref name="produce"/> writes the stream. The file name in the statement is ignored: only this stream is ever sent.</summary>
    /// <remarks>When <paramref name="produce"/> throws, the stream is ended, the server's answer is read, and its exception is rethrown: the caller must roll back.</remarks>
    /// <exception cref="MySqlServerException">The server failed the load. What it has taken so far is undone only by rolling back.</exception>
    /// <exception cref="MySqlProtocolException">The server did not ask for the stream, or its result text is not understood.</exception>
    public Task<LoadResult> LoadLocalAsync(string sql, Func<LocalInfileWriter, CancellationToken, Task> produce, CancellationToken cancellationToken) =>
        RunAsync(
            async () =>
            {
                await SendAsync(sql).ConfigureAwait(false);
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
        RunAsync(
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
        if (!_busy && !IsBroken)
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

        _wire.Dispose();
    }

    /// <summary>Reads the next row of the open result set. On cancellation, ends it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<bool> ReadRowAsync(ResponseReader response, CancellationToken cancellationToken)
    {
        bool isRow = false;
        Exception? fault = null;
        _cancellation.Listen(cancellationToken);
        try
        {
            isRow = await response.ReadRowAsync().ConfigureAwait(false);
        }
        catch (Exception caught)
        {
            fault = caught;
            throw;
        }
        finally
        {
            await _cancellation.StopListeningAsync().ConfigureAwait(false);
            if (_cancellation.Fired)
            {
                await SettleAsync(fault, isRow, cancellationToken).ConfigureAwait(false);
            }
        }

        return isRow;
    }

    /// <summary>Reads the results that follow the open result set.</summary>
    internal async ValueTask DrainAsync(ResponseReader response, CancellationToken cancellationToken)
    {
        _busy = false;
        await RunAsync(
            async () =>
            {
                await response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
                return true;
            },
            cancellationToken,
            keepsResult: true).ConfigureAwait(false);
    }

    /// <summary>Gets rid of the rest of a result set: reads it when that is quick, kills the query when it is not.</summary>
    internal async ValueTask AbandonAsync(ResponseReader response)
    {
        if (_disposed || IsBroken)
        {
            return;
        }

        using var limit = new CancellationTokenSource(AbandonLimit, _time);
        long dropped = 0;
        _busy = false;
        try
        {
            await RunAsync(
                async () =>
                {
                    await response.DrainAsync(insideRows: true, bytes => Count(bytes)).ConfigureAwait(false);
                    return true;
                },
                limit.Token,
                keepsResult: true).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or DtsMigrateException)
        {
            // Nobody waits for these rows any more. A connection that is lost shows in IsBroken and at the next command.
        }

        void Count(int bytes)
        {
            dropped += bytes;
            if (dropped > AbandonBytes && !limit.IsCancellationRequested)
            {
                limit.Cancel();
            }
        }
    }

    /// <summary>The open result set is over.</summary>
    internal void EndResult(Exception? fault)
    {
        _busy = false;
        if (_response.Pending)
        {
            Break(fault ?? new MySqlProtocolException("A result set was left unread."));
        }
    }

    private async ValueTask SendAsync(string sql)
    {
        _response.Begin(sql);
        byte[] encoded = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(sql.Length) is var max and < (1 << 20) ? max : Encoding.UTF8.GetByteCount(sql));
        try
        {
            int length = Encoding.UTF8.GetBytes(sql, encoded);
            await _wire.Output.WriteCommandAsync(Command.Query, encoded.AsMemory(0, length)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encoded);
        }
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

    /// <summary>The frame around every command: one at a time, killed when cancelled, broken when it ends out of step.</summary>
    private async Task<T> RunAsync<T>(Func<Task<T>> command, CancellationToken cancellationToken, bool keepsResult = false)
    {
        Enter(cancellationToken);
        Exception? fault = null;
        _cancellation.Listen(cancellationToken);
        try
        {
            return await command().ConfigureAwait(false);
        }
        catch (Exception caught)
        {
            fault = caught;
            throw;
        }
        finally
        {
            await _cancellation.StopListeningAsync().ConfigureAwait(false);
            if (_cancellation.Fired)
            {
                await SettleAsync(fault, insideRows: fault is null, cancellationToken).ConfigureAwait(false);
            }

            if (fault is not null && _response.Pending)
            {
                Break(fault);
            }

            _busy = keepsResult && fault is null && _response.Pending;
        }
    }

    /// <summary>After a kill: reads what is left, waits until no kill can be under way, and throws.</summary>
    private async Task SettleAsync(Exception? fault, bool insideRows, CancellationToken cancellationToken)
    {
        try
        {
            if (_response.Pending && fault is null or MySqlServerException)
            {
                await _response.DrainAsync(insideRows, dropped: null).ConfigureAwait(false);
            }
        }
        catch (Exception caught) when (caught is DtsMigrateException)
        {
            fault = caught;
        }

        await _cancellation.FinishAsync().ConfigureAwait(false);
        if (_response.Pending || IsBroken)
        {
            Break(fault ?? _cancellation.Failure ?? new MySqlProtocolException("A cancelled command did not come to its end."));
        }
        else
        {
            await SwallowLateKillAsync().ConfigureAwait(false);
        }

        _busy = false;
        throw new OperationCanceledException("The command was cancelled and killed on the server.", _cancellation.Failure ?? fault, cancellationToken);
    }

    /// <summary>A kill that hit just after the statement's end stays set on the server and would hit the next one.</summary>
    private async Task SwallowLateKillAsync()
    {
        try
        {
            await SendAsync("DO SLEEP(0)").ConfigureAwait(false);
            await _response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
        }
        catch (MySqlServerException killed) when (killed.Errno == QueryInterrupted)
        {
            // This is the late kill.
        }
        catch (DtsMigrateException fault)
        {
            Break(fault);
        }
    }

    private void Enter(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_busy)
        {
            throw new InvalidOperationException("The session is busy: end the running command or dispose its result set first.");
        }

        if (IsBroken)
        {
            throw new MySqlConnectionException("ConnectionLost", $"The connection to {_wire.Transport.Endpoint} was lost by an earlier command.", _fault);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _busy = true;
    }

    private void Break(Exception fault)
    {
        _fault ??= fault;
        _wire.Transport.Abort(fault is MySqlProtocolException ? AbortReason.ProtocolViolation : AbortReason.Closed);
    }

    private static TextRow Keep(TextResultSet result)
    {
        var fields = result.Fields;
        var values = new byte[]?[result.Columns.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = fields.ReadField(out var value) ? value.ToArray() : null;
        }

        return fields.AtEnd ? new TextRow(values) : throw new MySqlProtocolException("A text row holds more fields than the result set has columns.");
    }
}
