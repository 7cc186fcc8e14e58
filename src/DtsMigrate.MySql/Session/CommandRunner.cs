using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>
/// The frame around every command of a session: one at a time, killed when cancelled, and the session broken when a command ends while the
/// server still owes packets.
/// </summary>
internal sealed class CommandRunner
{
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(1);

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
    private bool _closed;

    public CommandRunner(SessionWire wire, ResponseReader response, CommandCancellation cancellation, TimeProvider time)
    {
        _wire = wire;
        _response = response;
        _cancellation = cancellation;
        _time = time;
    }

    /// <summary>True when no further command can run.</summary>
    public bool IsBroken => _fault is not null || _wire.Transport.Aborted != AbortReason.None;

    /// <summary>Ends the running of commands.</summary>
    /// <returns>True when the connection is idle and in step, so that a goodbye can be said; false also when it was closed before.</returns>
    public bool Close()
    {
        bool idle = !_closed && !_busy && !IsBroken;
        _closed = true;
        return idle;
    }

    /// <summary>The frame around every command: one at a time, killed when cancelled, broken when it ends out of step.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> command, CancellationToken cancellationToken, bool keepsResult = false)
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

    /// <summary>Sends a statement; its answer is due from then on.</summary>
    public async ValueTask SendAsync(string sql)
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

    /// <summary>Reads the next row of the open result set. On cancellation, ends it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadRowAsync(CancellationToken cancellationToken)
    {
        bool isRow = false;
        Exception? fault = null;
        _cancellation.Listen(cancellationToken);
        try
        {
            isRow = await _response.ReadRowAsync().ConfigureAwait(false);
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
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        _busy = false;
        await RunAsync(
            async () =>
            {
                await _response.DrainAsync(insideRows: false, dropped: null).ConfigureAwait(false);
                return true;
            },
            cancellationToken,
            keepsResult: true).ConfigureAwait(false);
    }

    /// <summary>Gets rid of the rest of a result set: reads it when that is quick, kills the query when it is not.</summary>
    /// <param name="insideRows">False when the rows have been read to their end.</param>
    public async ValueTask AbandonAsync(bool insideRows)
    {
        if (_closed || IsBroken)
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
                    await _response.DrainAsync(insideRows, bytes => Count(bytes)).ConfigureAwait(false);
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
    public void EndResult(Exception? fault)
    {
        _busy = false;
        if (_response.Pending)
        {
            Break(fault ?? new MySqlProtocolException("A result set was left unread."));
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
        ObjectDisposedException.ThrowIf(_closed, typeof(MySqlSession));
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
}
