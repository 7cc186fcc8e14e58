using System.Collections.Concurrent;
using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The store's own sessions, a few, opened when needed: recording that small tables begin and end is mostly waiting for commits, which the server does in groups. After any
/// failure a session is thrown away, which rolls back what was open, so that the caller may simply call again.
/// </summary>
internal sealed class CheckpointSession : IAsyncDisposable
{
    private const int Most = 4;

    private readonly ServerConnector _destination;
    private readonly SemaphoreSlim _free = new(Most, Most);
    private readonly ConcurrentStack<MySqlSession> _idle = new();

    /// <summary>Creates it; nothing is opened yet.</summary>
    public CheckpointSession(ServerConnector destination) => _destination = destination;

    /// <summary>A session is open.</summary>
    public bool IsOpen => !_idle.IsEmpty;

    /// <summary>Runs an action outside of a transaction.</summary>
    public async Task<T> RunAsync<T>(Func<MySqlSession, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_idle.TryPop(out var session))
            {
                session = await _destination.OpenAsync(SessionPurpose.WriteRows, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                var result = await action(session, cancellationToken).ConfigureAwait(false);
                _idle.Push(session);
                return result;
            }
            catch
            {
                await session.DisposeAsync().ConfigureAwait(false);

                // What has cut one off has most likely cut off the others.
                await CloseIdleAsync().ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Runs an action in a transaction and commits it.</summary>
    public Task<T> TransactAsync<T>(Func<MySqlSession, CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        RunAsync(
            async (session, token) =>
            {
                await session.ExecuteAsync("START TRANSACTION", token).ConfigureAwait(false);
                var result = await action(session, token).ConfigureAwait(false);
                await session.ExecuteAsync("COMMIT", token).ConfigureAwait(false);
                return result;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseIdleAsync().ConfigureAwait(false);
        _free.Dispose();
    }

    private async ValueTask CloseIdleAsync()
    {
        while (_idle.TryPop(out var session))
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
