using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Full data migration: copies the rows of every table that is not copied yet, chunk by chunk, in parallel.</summary>
public sealed class FullCopier
{
    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly Action<TableRoute> _onTableCopied;
    private readonly CopyTuning _tuning;

    /// <summary>Creates the copier.</summary>
    /// <param name="context">The run.</param>
    /// <param name="positions">Reads watermarks.</param>
    /// <param name="onTableCopied">Told when a table has become Copied (or Live in a task without incremental migration).</param>
    public FullCopier(RunContext context, SourcePositionReader positions, Action<TableRoute> onTableCopied)
        : this(context, positions, onTableCopied, new CopyTuning { ChunkBytes = context.Task.Options.ChunkBytes })
    {
    }

    /// <summary>Creates the copier with other sizes: for tests.</summary>
    internal FullCopier(RunContext context, SourcePositionReader positions, Action<TableRoute> onTableCopied, CopyTuning tuning)
    {
        _context = context;
        _positions = positions;
        _onTableCopied = onTableCopied;
        _tuning = tuning;
    }

    /// <summary>Copies until all tables are done. Resumes what an earlier run has begun.</summary>
    /// <exception cref="DtsMigrateException">
    /// Codes <c>TableDefinitionChanged</c>, <c>DestinationTableMissing</c>, <c>DestinationTableDiffers</c>, <c>DestinationNotEmpty</c>, <c>RowRejected</c>, <c>RowTooLarge</c>,
    /// <c>CopyFailed</c>, <c>JsonTypesNotCarried</c>, <c>JsonValueNotRepresentable</c>, <c>LeaseLost</c>; and what outlasted the retry windows.
    /// </exception>
    public async Task RunAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        var tables = await ReadWorkAsync(routes, cancellationToken).ConfigureAwait(false);
        if (tables.Count == 0)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int threads = _context.Task.Options.CopyThreads;
        var waiting = Channel.CreateUnbounded<TableWork>();
        var jobs = Channel.CreateBounded<CopyJob>(new BoundedChannelOptions(2 * threads));
        foreach (var table in tables)
        {
            table.Hold();
            waiting.Writer.TryWrite(table);
        }

        using var run = new Run(this, waiting, jobs, tables.Count);
        ExceptionDispatchInfo? failure = null;
        int planners = Math.Min(_tuning.Planners, tables.Count);
        var loops = Enumerable.Range(0, planners).Select(_ => GuardAsync(run.PlanAsync))
            .Concat(Enumerable.Range(0, threads).Select(_ => GuardAsync(run.WorkAsync)))
            .ToArray();
        await Task.WhenAll(loops).ConfigureAwait(false);
        failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();

        // The first failure stops all loops; what they end with then is only an echo of it.
        async Task GuardAsync(Func<CancellationToken, Task> loop)
        {
            try
            {
                await Task.Run(() => loop(stop.Token), CancellationToken.None).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Stopped by the caller or by the failure of another loop.
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<List<TableWork>> ReadWorkAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableCopyRecord> records = [];
        await _context.Retry.RunAsync("read the checkpoint", async (_, token) => records = await _context.Store.ReadTablesAsync(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var byNumber = records.ToDictionary(r => r.Number);
        var tables = new List<TableWork>();
        foreach (var route in routes)
        {
            if (!byNumber.TryGetValue(route.Number, out var record) || record.Source != route.Source || record.Destination != route.Destination)
            {
                throw new DtsMigrateException("CheckpointInconsistent", $"Table {route.Source} is not number {route.Number} of the task in the checkpoint.") { Target = route.Source.ToString() };
            }

            var progress = _context.Metrics.Tables.GetOrAdd(
                route.Number,
                _ =>
                {
                    var created = new TableProgress(route.Source, route.Destination, route.Definition.EstimatedRows);
                    created.AddCopied(record.RowsCopied, record.BytesCopied);
                    return created;
                });
            progress.State = record.State;
            if (record.State is TableCopyState.Pending or TableCopyState.Copying)
            {
                tables.Add(new TableWork(route, record, progress));
            }
        }

        // What was begun is finished first: its changes are held. Then the largest, so that the end is not one thread at one table.
        return [.. tables.OrderBy(t => t.State == TableCopyState.Copying ? 0 : 1).ThenByDescending(t => t.Route.Definition.EstimatedBytes)];
    }

    /// <summary>One call of <see cref="RunAsync"/>: two queues, tables to plan and jobs to do.</summary>
    private sealed class Run : IDisposable
    {
        private readonly FullCopier _owner;
        private readonly RunContext _context;
        private readonly Channel<TableWork> _waiting;
        private readonly Channel<CopyJob> _jobs;
        private readonly TablePlanner _planner;
        private readonly ChunkCopier _chunks;
        private readonly KeylessCopier _keyless;
        private int _left;

        public Run(FullCopier owner, Channel<TableWork> waiting, Channel<CopyJob> jobs, int tables)
        {
            _owner = owner;
            _context = owner._context;
            _waiting = waiting;
            _jobs = jobs;
            _left = tables;
            _planner = new TablePlanner(_context, owner._positions, owner._tuning, jobs.Writer.WriteAsync);
            _chunks = new ChunkCopier(_context, owner._tuning);
            _keyless = new KeylessCopier(_context, owner._positions, owner._tuning, _chunks);
        }

        public void Dispose() => _planner.Dispose();

        public async Task PlanAsync(CancellationToken cancellationToken)
        {
            var sessions = new CopySessions(_context);
            await using (sessions.ConfigureAwait(false))
            {
                await foreach (var table in _waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    await NameAsync(table, sessions, () => _planner.PlanAsync(table, sessions, cancellationToken), cancellationToken).ConfigureAwait(false);
                    await ReleaseAsync(table, sessions, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        public async Task WorkAsync(CancellationToken cancellationToken)
        {
            var sessions = new CopySessions(_context);
            await using (sessions.ConfigureAwait(false))
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    await NameAsync(job.Table, sessions, () => DoAsync(job, sessions, cancellationToken), cancellationToken).ConfigureAwait(false);
                    await ReleaseAsync(job.Table, sessions, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        private async Task DoAsync(CopyJob job, CopySessions sessions, CancellationToken cancellationToken)
        {
            var table = job.Table;
            if (job.Chunk is not { } chunk)
            {
                await _keyless.CopyAsync(table, sessions, cancellationToken).ConfigureAwait(false);
            }
            else if (!await _chunks.CopyAsync(table, chunk, sessions, cancellationToken).ConfigureAwait(false))
            {
                // Nothing of it is on the destination, so its one chunk can be forgotten and the table cut.
                table.MustBeCut = true;
                await sessions.RunAsync($"plan {table} again", (_, token) => _context.Store.BeginCopyAsync(table.Route.Number, table.Watermark, token), cancellationToken).ConfigureAwait(false);
                table.Hold();
                await _waiting.Writer.WriteAsync(table, cancellationToken).ConfigureAwait(false);
            }
        }

        /// <summary>Gives a hold back; whoever gives the last one finishes the table.</summary>
        private async Task ReleaseAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
        {
            if (!table.Release())
            {
                return;
            }

            await NameAsync(
                table,
                sessions,
                () => sessions.RunAsync($"finish the copy of {table}", (_, token) => FinishAsync(table, sessions, token), cancellationToken),
                cancellationToken).ConfigureAwait(false);
            _owner._onTableCopied(table.Route);
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _waiting.Writer.Complete();
                _jobs.Writer.Complete();
            }
        }

        private async Task FinishAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
        {
            // After the last read of the copy: no lock, for what those reads saw is in the binary log already. A table without a key was read as of W(T) itself.
            var end = !_context.IsIncremental ? null
                : table.IsKeyless ? table.Watermark
                : await _owner._positions.ReadWithoutLockAsync(await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
            await new TableFinisher(_context).FinishAsync(table.Route, sessions, cancellationToken).ConfigureAwait(false);
            await _context.Store.EndCopyAsync(table.Route.Number, end, cancellationToken).ConfigureAwait(false);
            table.State = end is null ? TableCopyState.Live : TableCopyState.Copied;
            table.Progress.State = table.State;
            _context.Log.Write(LogLevel.Info, "FullCopy", $"Copy of {table} is done: {table.Progress.Rows} rows, {table.Progress.Bytes} bytes.");
        }

        /// <summary>Gives a server's bare error the name of the table, and its true cause when that is a changed definition.</summary>
        private static async Task NameAsync(TableWork table, CopySessions sessions, Func<Task> action, CancellationToken cancellationToken)
        {
            try
            {
                await action().ConfigureAwait(false);
            }
            catch (MySqlServerException e) when (!cancellationToken.IsCancellationRequested)
            {
                if (e.Errno is 1054 or 1146 or 1176 or 1412)
                {
                    // Unknown column, table or key, or a snapshot older than the table.
                    await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
                }

                throw new DtsMigrateException("CopyFailed", $"Copying {table} to {table.Route.Destination} failed: {e.Message}", e)
                {
                    Target = table.ToString(),
                    IsTransient = e.IsTransient,
                };
            }
        }
    }
}
