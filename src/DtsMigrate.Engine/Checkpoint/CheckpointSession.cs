using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The store's own session: one user at a time, opened when needed. After any failure it is thrown away, which rolls back what was
/// open, so that the caller may simply call again.
/// </summary>
internal sealed class CheckpointSession : IAsyncDisposable
{
    private readonly ServerConnector _destination;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private MySqlSession? _session;

    /// <summary>Creates it; nothing is opened yet.</summary>
    public CheckpointSession(ServerConnector destination) => _destination = destination;

    /// <summary>A session is open.</summary>
    public bool IsOpen => _session is not null;

    /// <summary>Runs an action outside of a transaction.</summary>
    public async Task<T> RunAsync<T>(Func<MySqlSession, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _session ??= await _destination.OpenAsync(SessionPurpose.WriteRows, cancellationToken).ConfigureAwait(false);
            return await action(_session, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _gate.Release();
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
        await CloseAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    private async ValueTask CloseAsync()
    {
        var session = _session;
        _session = null;
        if (session is not null)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
