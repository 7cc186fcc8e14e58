using System.Collections.Concurrent;
using System.Text;
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

    /// <summary>
    /// Runs statements in a transaction of their own, fenced by the lease: one packet, its answers, COMMIT. That is two round trips however many statements there are.
    /// </summary>
    /// <param name="lease">Must still be held.</param>
    /// <param name="statements">Statements without results.</param>
    /// <param name="check">Looks at their answers before COMMIT, may query, and throws to roll back.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<T> TransactAsync<T>(
        Lease lease, IEnumerable<string> statements, Func<MySqlSession, IReadOnlyList<StatementResult>, CancellationToken, Task<T>> check, CancellationToken cancellationToken) =>
        RunAsync(
            async (session, token) =>
            {
                string[] all = ["START TRANSACTION", LeaseTable.FenceSql(session, lease), .. statements];
                var answers = await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(string.Join(';', all)), token).ConfigureAwait(false);
                await LeaseTable.RequireFenceAsync(session, lease, answers[1], token).ConfigureAwait(false);
                var result = await check(session, [.. answers.Skip(2)], token).ConfigureAwait(false);
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
