using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>
/// Ends the running command when a token is cancelled: KILL QUERY over a side connection, again until the server has answered. When
/// that fails, the socket is closed and the session is broken.
/// </summary>
/// <remarks>
/// Order matters: <see cref="StopListeningAsync"/> first, then the answer is read to its end if <see cref="Fired"/>, then
/// <see cref="FinishAsync"/>, which returns only when no KILL of ours can be under way any more. Only then may the next command start.
/// </remarks>
internal sealed class CommandCancellation
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SideLimit = TimeSpan.FromSeconds(10);

    private readonly SessionIdentity _identity;
    private readonly MySqlSessionOptions _options;
    private readonly TimeProvider _time;
    private readonly Transport _transport;
    private readonly TimeSpan _limit;
    private CancellationTokenRegistration _registration;
    private TaskCompletionSource? _answered;
    private Task? _kill;

    public CommandCancellation(SessionIdentity identity, MySqlSessionOptions options, TimeProvider time, Transport transport, TimeSpan limit)
    {
        _identity = identity;
        _options = options with
        {
            ConnectTimeout = Shorter(options.ConnectTimeout),
            ReadTimeout = SideLimit,
            WriteTimeout = SideLimit,
            Database = null,
        };
        _time = time;
        _transport = transport;
        _limit = limit;
    }

    /// <summary>True when the token was cancelled while the command ran and a kill was started.</summary>
    public bool Fired => _kill is not null;

    /// <summary>Why the command could not be killed; null when it could.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Listens to the token until <see cref="StopListeningAsync"/>.</summary>
    public void Listen(CancellationToken token)
    {
        _kill = null;
        Failure = null;
        _registration = token.UnsafeRegister(static state => ((CommandCancellation)state!).Fire(), this);
    }

    /// <summary>After this, <see cref="Fired"/> does not change any more.</summary>
    public ValueTask StopListeningAsync() => _registration.DisposeAsync();

    /// <summary>The answer has been read, or the connection is gone. Waits for the kill to be acknowledged.</summary>
    public async ValueTask FinishAsync()
    {
        if (_kill is { } kill)
        {
            _answered!.TrySetResult();
            await kill.ConfigureAwait(false);
        }
    }

    private void Fire()
    {
        _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Off the caller's thread: it only called Cancel().
        _kill = Task.Run(KillAsync, CancellationToken.None);
    }

    private async Task KillAsync()
    {
        long started = _time.GetTimestamp();
        try
        {
            var side = await MySqlSession.ConnectAsync(_options, _time, CancellationToken.None).ConfigureAwait(false);
            await using (side.ConfigureAwait(false))
            {
                if (side.Identity.ServerUuid != _identity.ServerUuid)
                {
                    // Behind a load balancer the id could be an innocent connection of another server.
                    throw new MySqlConnectionException("CancelFailed", $"{_transport.Endpoint} led to another server than the running command's.");
                }

                // Repeated, because a kill that arrives before the server has read the command hits nothing.
                while (!_answered!.Task.IsCompleted && !await KillOnceAsync(side).ConfigureAwait(false))
                {
                    if (_time.GetElapsedTime(started) > _limit)
                    {
                        throw new MySqlConnectionException("CancelFailed", $"{_transport.Endpoint} did not end a killed command within {_limit.TotalSeconds:0} s.");
                    }
                }
            }
        }
        catch (Exception fault) when (fault is DtsMigrateException or OperationCanceledException || Transport.IsIoFault(fault))
        {
            Failure = fault;
            _transport.Abort(AbortReason.Cancelled);
        }
    }

    private async Task<bool> KillOnceAsync(MySqlSession side)
    {
        await side.ExecuteAsync($"KILL QUERY {_identity.ConnectionId}", CancellationToken.None).ConfigureAwait(false);
        try
        {
            await _answered!.Task.WaitAsync(RepeatAfter, _time, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TimeSpan Shorter(TimeSpan limit) => limit < SideLimit && limit > TimeSpan.Zero ? limit : SideLimit;
}
