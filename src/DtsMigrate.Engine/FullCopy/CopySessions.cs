using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.FullCopy.Snapshot;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>The sessions of one planner or worker, opened when first needed and thrown away after a failure.</summary>
internal sealed class CopySessions : IAsyncDisposable
{
    private readonly RunContext _context;
    private readonly SourceSnapshot? _snapshot;
    private MySqlSession? _shared;
    private MySqlSession? _source;
    private MySqlSession? _metadata;
    private MySqlSession? _destination;
    private MySqlSession? _destinationMetadata;
    private MySqlSession? _destinationSchema;
    private MySqlSession? _destinationWriter;
    private CatalogReader? _catalog;
    private CatalogReader? _destinationCatalog;
    private CatalogReader? _schemaCatalog;

    /// <summary>Creates the holder; nothing is opened yet.</summary>
    /// <param name="context">The run.</param>
    /// <param name="snapshot">What rows are read from; null to read them as they are.</param>
    public CopySessions(RunContext context, SourceSnapshot? snapshot = null)
    {
        _context = context;
        _snapshot = snapshot;
    }

    /// <summary>Rows are read from a snapshot that other workers share.</summary>
    public bool InSnapshot => _snapshot is not null;

    /// <summary>A session that reads rows of the source, from the snapshot where there is one: asked for before each query, which is charged to the throttle.</summary>
    /// <exception cref="SnapshotLostException">The snapshot is lost.</exception>
    public async ValueTask<MySqlSession> SourceAsync(CancellationToken cancellationToken)
    {
        if (_snapshot is null)
        {
            return await OwnSourceAsync(cancellationToken).ConfigureAwait(false);
        }

        await _context.Throttle.QueryAsync(cancellationToken).ConfigureAwait(false);
        _shared ??= _snapshot.Take();
        SourceSnapshot.Check(_shared);
        return _shared;
    }

    /// <summary>Runs what reads a table, once.</summary>
    /// <exception cref="TableChangedException">The snapshot is older than the table; to try again would not help.</exception>
    public async Task ReadTableAsync(TableWork table, Func<Task> read)
    {
        int attempt = table.Attempt;
        try
        {
            await read().ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (InSnapshot)
        {
            DefinitionGuard.ThrowIfNewer(table, attempt, e);
            throw;
        }
    }

    /// <summary>Definitions of the destination, by the session that changes them.</summary>
    public async ValueTask<CatalogReader> DestinationSchemaCatalogAsync(CancellationToken cancellationToken)
    {
        var session = await DestinationSchemaAsync(cancellationToken).ConfigureAwait(false);
        return _schemaCatalog ??= await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The result of the last query is used up. A transaction keeps its tables from being altered to its end, and an ALTER TABLE that waits keeps everybody else from them: a snapshot
    /// gives its metadata locks back after each query (reference manual, "SAVEPOINT ... ROLLBACK TO SAVEPOINT").
    /// </summary>
    public async ValueTask ReleaseSourceAsync(CancellationToken cancellationToken)
    {
        if (_shared is { IsBroken: false } shared)
        {
            await shared.ExecuteAsync(SourceSnapshot.Release, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A session that reads rows of the source as they are; likewise.</summary>
    public async ValueTask<MySqlSession> OwnSourceAsync(CancellationToken cancellationToken)
    {
        await _context.Throttle.QueryAsync(cancellationToken).ConfigureAwait(false);
        return _source ??= await _context.Source.OpenAsync(SessionPurpose.ReadRows, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A session that reads definitions and positions of the source: asked for before each reading, which is charged to the throttle as one query.</summary>
    public async ValueTask<MySqlSession> MetadataAsync(CancellationToken cancellationToken)
    {
        await _context.Throttle.QueryAsync(cancellationToken).ConfigureAwait(false);
        return _metadata ??= await _context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A session that writes rows of the destination.</summary>
    public async ValueTask<MySqlSession> DestinationAsync(CancellationToken cancellationToken) =>
        _destination ??= await _context.Destination.OpenAsync(SessionPurpose.WriteRows, cancellationToken).ConfigureAwait(false);

    /// <summary>Definitions of the source; likewise.</summary>
    public ValueTask<CatalogReader> CatalogAsync(CancellationToken cancellationToken) => CatalogAsync(1, cancellationToken);

    /// <summary>Definitions of the source; charged as so many queries.</summary>
    public async ValueTask<CatalogReader> CatalogAsync(int queries, CancellationToken cancellationToken)
    {
        for (int i = 1; i < queries; i++)
        {
            await _context.Throttle.QueryAsync(cancellationToken).ConfigureAwait(false);
        }

        var session = await MetadataAsync(cancellationToken).ConfigureAwait(false);
        return _catalog ??= await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Definitions of the destination.</summary>
    public async ValueTask<CatalogReader> DestinationCatalogAsync(CancellationToken cancellationToken) =>
        _destinationCatalog ??= await CatalogReader.OpenAsync(
            _destinationMetadata ??= await _context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>A second session that writes rows of the destination, for what must not share a transaction with the first.</summary>
    public async ValueTask<MySqlSession> DestinationWriterAsync(CancellationToken cancellationToken) =>
        _destinationWriter ??= await _context.Destination.OpenAsync(SessionPurpose.WriteRows, cancellationToken).ConfigureAwait(false);

    /// <summary>A session that changes definitions of the destination.</summary>
    public async ValueTask<MySqlSession> DestinationSchemaAsync(CancellationToken cancellationToken) =>
        _destinationSchema ??= await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, cancellationToken).ConfigureAwait(false);

    /// <summary>Runs an action under the task's retry policy, each time with sessions that no failure has touched.</summary>
    public Task RunAsync(string what, Func<RetryScope, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        _context.Retry.RunAsync(
            what,
            async (scope, token) =>
            {
                try
                {
                    await action(scope, token).ConfigureAwait(false);
                }
                catch
                {
                    await ResetAsync().ConfigureAwait(false);
                    throw;
                }
            },
            cancellationToken);

    /// <summary>Closes all but the snapshot; open transactions are rolled back by that.</summary>
    public async ValueTask ResetAsync()
    {
        MySqlSession?[] open = [_source, _metadata, _destination, _destinationMetadata, _destinationSchema, _destinationWriter];
        (_source, _metadata, _destination, _destinationMetadata, _destinationSchema, _destinationWriter, _catalog, _destinationCatalog, _schemaCatalog) = (null, null, null, null, null, null, null, null, null);
        foreach (var session in open)
        {
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ResetAsync();
}
