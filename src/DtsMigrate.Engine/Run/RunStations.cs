using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Accounts;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Run;

/// <summary>
/// Takes a task from station to station: schema, full copy and stream side by side, foreign keys, caught up. Every step can be
/// entered again after a crash; which are finished is recorded on the destination.
/// </summary>
internal sealed class RunStations
{
    private readonly RunContext _context;
    private readonly ObjectSelection _selection;
    private readonly SourcePositionReader _positions;
    private readonly RetryDisplay _display;
    private readonly RunUntil _until;
    private readonly RoutePlanner _planner;
    private readonly DestinationTuner _tuner;

    public RunStations(RunContext context, RetryDisplay display, RunUntil until)
    {
        _context = context;
        _display = display;
        _until = until;
        _selection = context.Select();
        _positions = new SourcePositionReader(context.SourceFacts);
        _planner = new RoutePlanner(context, _selection, _positions);
        _tuner = new DestinationTuner(context);
    }

    private bool HasFull => _context.Task.MigrationTypes.HasFlag(MigrationTypes.Full);

    private bool HasSchema => _context.Task.MigrationTypes.HasFlag(MigrationTypes.Schema);

    /// <summary>Runs to the end of the task, or until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await _context.Retry.RunAsync("set back what an earlier run has changed on the destination", (_, token) => _tuner.RestoreAsync(token), stop).ConfigureAwait(false);
        (IReadOnlyList<TableRoute> routes, string phase) = await _planner.PlanAsync(stop).ConfigureAwait(false);
        RefuseIfActivated(phase);
        if (_context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed && !RunPhase.IsAtLeast(phase, HasSchema ? RunPhase.Schema : RunPhase.Copy))
        {
            await _context.Retry.RunAsync("compare the tables that the destination has", async (_, token) => routes = await new TableFit(_context).KeepFittingAsync(routes, token).ConfigureAwait(false), stop).ConfigureAwait(false);
        }

        if (HasSchema && !RunPhase.IsAtLeast(phase, RunPhase.Schema))
        {
            Enter(TaskState.Schema, $"Creating {routes.Count} tables.");
            var schema = new SchemaMigrator(_context);
            await _context.Retry.RunAsync("create the tables", (_, token) => schema.CreateTablesAsync(routes, token), stop).ConfigureAwait(false);
            phase = await FinishAsync(RunPhase.Schema, stop).ConfigureAwait(false);
        }

        if (HasSchema && !RunPhase.IsAtLeast(phase, RunPhase.Objects))
        {
            Enter(TaskState.Schema, "Creating views, routines and events.");
            var accounts = new AccountMigrator(_context);
            await accounts.CreateAsync(stop).ConfigureAwait(false);
            await new StoredObjectMigrator(_context).CreateAsync(stop).ConfigureAwait(false);
            await accounts.GrantAsync(stop).ConfigureAwait(false);
            phase = await FinishAsync(RunPhase.Objects, stop).ConfigureAwait(false);
        }

        if (HasFull || _context.IsIncremental)
        {
            await MoveAsync(routes, phase, stop).ConfigureAwait(false);
        }
        else
        {
            await AddForeignKeysAsync(routes, phase, stop).ConfigureAwait(false);
        }

        if (HasSchema && !_context.IsIncremental && !RunPhase.IsAtLeast(phase, RunPhase.Activated))
        {
            await new StoredObjectMigrator(_context).ActivateAsync(stop).ConfigureAwait(false);
            await FinishAsync(RunPhase.Activated, stop).ConfigureAwait(false);
        }
    }

    // From activation on triggers fire for whoever writes: changes applied by the task would set them off a second time.
    private void RefuseIfActivated(string phase)
    {
        if (_context.IsIncremental && RunPhase.IsAtLeast(phase, RunPhase.Activated))
        {
            throw new DtsMigrateException("ObjectsActivated", $"The triggers and events of task {_context.Task.Name} have been activated on the destination: it cannot apply changes any more.")
            {
                Target = _context.Task.Name,
                RecommendedAction = "The migration is over. To migrate again, start a new task on an empty destination.",
            };
        }
    }

    /// <summary>Copy and stream side by side; the failure of one ends the other, and is the one reported.</summary>
    private async Task MoveAsync(IReadOnlyList<TableRoute> routes, string phase, CancellationToken stop)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var replicator = _context.IsIncremental ? new Replicator(_context, _selection, routes) : null;
        Task stream = replicator is null ? Task.CompletedTask : replicator.RunAsync(both.Token);
        Task copy = CopyAndWaitAsync(routes, phase, replicator, both.Token);
        Task first = await Task.WhenAny(copy, replicator is null ? copy : stream).ConfigureAwait(false);
        try
        {
            await first.ConfigureAwait(false);
        }
        finally
        {
            // The stream never ends by itself: it is told to when the copy's side is done, or when something failed.
            await both.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(Settle.Of(copy), Settle.Of(stream)).ConfigureAwait(false);
        }

        await copy.ConfigureAwait(false);
        await stream.ConfigureAwait(false);
    }

    private async Task CopyAndWaitAsync(IReadOnlyList<TableRoute> routes, string phase, Replicator? replicator, CancellationToken stop)
    {
        if (!RunPhase.IsAtLeast(phase, RunPhase.Copy))
        {
            Enter(TaskState.FullCopy, HasFull ? $"Copying {routes.Count} tables." : "Taking the position to start from.");
            if (HasFull)
            {
                var copier = new FullCopier(_context, _positions, route => replicator?.TableCopied(route));
                var elsewhere = new CopiedElsewhere(_context);
                var watch = new LoadWatch(_context);
                await _tuner.RunAsync(tuned => watch.RunAsync(watched => elsewhere.RunAsync(token => copier.RunAsync(routes, token), watched), tuned), stop).ConfigureAwait(false);
            }
            else
            {
                await _planner.StartWithoutCopyAsync(routes, route => replicator?.TableCopied(route), stop).ConfigureAwait(false);
            }

            phase = await FinishAsync(RunPhase.Copy, stop).ConfigureAwait(false);
        }

        if (replicator is null)
        {
            await AddForeignKeysAsync(routes, phase, stop).ConfigureAwait(false);
            return;
        }

        // DDL may have added, renamed and removed tables meanwhile.
        await AddForeignKeysAsync(await _planner.ReadAgainAsync(stop).ConfigureAwait(false), phase, stop).ConfigureAwait(false);
        using var follow = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task late = HasFull ? new LateCopies(_context, _positions, replicator).RunAsync(follow.Token) : Task.Delay(Timeout.InfiniteTimeSpan, follow.Token);
        Task caughtUp = FollowAsync(replicator, follow.Token);
        Task first = await Task.WhenAny(late, caughtUp).ConfigureAwait(false);
        await follow.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Settle.Of(late), Settle.Of(caughtUp)).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    private async Task FollowAsync(Replicator replicator, CancellationToken stop)
    {
        Enter(TaskState.CatchingUp, "Applying the changes made since the copy began.");
        SourcePosition target = await ReadPositionAsync(stop).ConfigureAwait(false);
        await replicator.WaitAppliedAsync(target, stop).ConfigureAwait(false);
        Enter(TaskState.Replicating, "Every table is complete and follows the source.");
        if (_until == RunUntil.Completed)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(false);
        }
    }

    private async Task<string> FinishAsync(string phase, CancellationToken stop)
    {
        await _context.Retry.RunAsync("record progress", (_, token) => _context.Store.WritePhaseAsync(phase, token), stop).ConfigureAwait(false);
        return phase;
    }

    private async Task AddForeignKeysAsync(IReadOnlyList<TableRoute> routes, string phase, CancellationToken stop)
    {
        if (!HasSchema || RunPhase.IsAtLeast(phase, RunPhase.ForeignKeys))
        {
            return;
        }

        var schema = new SchemaMigrator(_context);
        await _context.Retry.RunAsync("add the foreign keys", (_, token) => schema.AddForeignKeysAsync(routes, token), stop).ConfigureAwait(false);
        await FinishAsync(RunPhase.ForeignKeys, stop).ConfigureAwait(false);
    }

    private async Task<SourcePosition> ReadPositionAsync(CancellationToken stop)
    {
        SourcePosition? position = null;
        await _context.Retry.RunAsync("read the source's position", async (_, token) =>
        {
            MySqlSession session = await _context.Source.OpenAsync(Connections.SessionPurpose.Metadata, token).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                position = await _positions.ReadAsync(session, token).ConfigureAwait(false);
            }
        }, stop).ConfigureAwait(false);
        return position!;
    }

    private void Enter(TaskState state, string reason)
    {
        _display.Enter(state, reason);
        _context.Log.Write(LogLevel.Info, state.ToString(), reason);
    }
}
