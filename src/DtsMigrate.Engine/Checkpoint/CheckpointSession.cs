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
    /// Runs statements as one transaction in one packet. Nothing is looked at before COMMIT, so each of them must hold itself back where it should not write: see
    /// <see cref="LeaseTable.Guard"/>.
    /// </summary>
    /// <param name="statements">Statements without results.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Rows that each has found.</returns>
    public Task<IReadOnlyList<ulong>> TransactAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<ulong>>(
            async (session, token) =>
            {
                string[] all = statements.Count == 1 ? [statements[0]] : ["START TRANSACTION", .. statements, "COMMIT"];
                var answers = await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(string.Join(';', all)), token).ConfigureAwait(false);
                return [.. answers.Skip(statements.Count == 1 ? 0 : 1).Take(statements.Count).Select(a => a.AffectedRows)];
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
