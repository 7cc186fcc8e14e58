using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>
/// Migrates views, routines, libraries, triggers and events. Each step may be run again after a crash, at any time: it looks at what is there and makes what is missing.
/// </summary>
public sealed class StoredObjectMigrator
{
    private const string Phase = "Schema";

    private readonly RunContext _context;
    private readonly ObjectSelection _selection;
    private readonly StoredObjectRewriter _rewriter;

    /// <summary>Creates the migrator.</summary>
    public StoredObjectMigrator(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _selection = context.Select();
        _rewriter = new StoredObjectRewriter(StoredObjectRewriter.Names(_selection), context.Task.Options.DefinerMode, _selection.Collations);
    }

    /// <summary>
    /// Creates views, routines and libraries as they are, events disabled, and with <see cref="TriggerMethod.Automatic"/> triggers under their guard: what may be there while
    /// rows are written.
    /// </summary>
    /// <exception cref="DtsMigrateException">Code <c>ObjectNotCreated</c>: some were refused; the message has the server's words for each.</exception>
    public Task CreateAsync(CancellationToken cancellationToken) =>
        _context.Retry.RunAsync("create the stored objects", (scope, token) => RunAsync(StoredObjectForm.Interim, scope.ReportProgress, token), cancellationToken);

    /// <summary>Brings everything to what it is on the source: triggers without guard, events enabled. Only when no more rows are written by the migration.</summary>
    /// <exception cref="DtsMigrateException">As <see cref="CreateAsync"/>.</exception>
    public Task ActivateAsync(CancellationToken cancellationToken) =>
        _context.Retry.RunAsync("activate triggers and events", (scope, token) => RunAsync(StoredObjectForm.Final, scope.ReportProgress, token), cancellationToken);

    private async Task RunAsync(StoredObjectForm form, Action onProgress, CancellationToken cancellationToken)
    {
        var source = await _context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var objects = await StoredObjectSource.ReadAsync(source, _context.Task, _selection, _context.DestinationFacts.Version, cancellationToken).ConfigureAwait(false);
            await LeaveOutStoppedAsync(objects, cancellationToken).ConfigureAwait(false);
            if (objects.Count == 0)
            {
                return;
            }

            var reading = await _context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
            await using (reading.ConfigureAwait(false))
            {
                var writing = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, cancellationToken).ConfigureAwait(false);
                await using (writing.ConfigureAwait(false))
                {
                    var destination = await StoredObjectReader.OpenAsync(reading, cancellationToken).ConfigureAwait(false);
                    var creator = new StoredObjectCreator(_context, destination, writing);
                    await MigrateAsync(objects, creator, source, form, onProgress, cancellationToken).ConfigureAwait(false);
                    if (creator.Failures.Count > 0)
                    {
                        throw StoredObjectFailure.Of(creator.Failures);
                    }
                }
            }
        }
    }

    /// <summary>A stopped table is not the task's to put triggers on: they would act on columns that it may not have.</summary>
    private async Task LeaveOutStoppedAsync(List<StoredObject> objects, CancellationToken cancellationToken)
    {
        if (_context.Task.ConflictMode != ConflictMode.IgnoreErrorsAndProceed)
        {
            return;
        }

        HashSet<QualifiedName> stopped = [.. (await _context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false)).Where(t => t.State == TableCopyState.Stopped).Select(t => t.Source)];
        foreach (var trigger in objects.Where(o => o.Table is { } table && stopped.Contains(table)).ToList())
        {
            objects.Remove(trigger);
            _context.Log.Write(LogLevel.Warning, Phase, $"{trigger} is left out: its table {trigger.Table} is stopped.");
        }
    }

    private async Task MigrateAsync(
        List<StoredObject> objects, StoredObjectCreator creator, MySqlSession source, StoredObjectForm form, Action onProgress, CancellationToken cancellationToken)
    {
        var existing = await creator.ListAsync(objects.Select(o => _selection.MapDatabase(o.Name.Database)).Distinct(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
        var waiting = new List<(StoredObject Source, StoredObject Target)>();
        foreach (var item in objects.Where(o => form == StoredObjectForm.Final || o.Kind != StoredObjectKind.Trigger || _context.Task.Options.TriggerMethod == TriggerMethod.Automatic))
        {
            var target = _rewriter.Rewrite(item, form);
            if (existing.TryGetValue((target.Kind, target.Name), out var name) && await creator.ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } there)
            {
                await AdjustAsync(creator, item, target, there, form, cancellationToken).ConfigureAwait(false);
            }
            else if (item.Kind == StoredObjectKind.View)
            {
                waiting.Add((item, target));
            }
            else
            {
                await MakeAsync(creator, item, target, cancellationToken).ConfigureAwait(false);
            }

            onProgress();
        }

        await CreateViewsAsync(creator, source, waiting, onProgress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An event is created disabled in any case: enabled at once, it could run before the server has answered.</summary>
    private async Task MakeAsync(StoredObjectCreator creator, StoredObject item, StoredObject target, CancellationToken cancellationToken)
    {
        var made = target.Kind == StoredObjectKind.Event ? _rewriter.Rewrite(item, StoredObjectForm.Interim) : target;
        if (await creator.CreateAsync(made, cancellationToken).ConfigureAwait(false) && made.CreateSql != target.CreateSql)
        {
            await EnableAsync(creator, target, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AdjustAsync(StoredObjectCreator creator, StoredObject item, StoredObject target, StoredObject there, StoredObjectForm form, CancellationToken cancellationToken)
    {
        string? difference = creator.FindDifference(target, there);
        if (difference is null)
        {
            return;
        }

        bool isInterim = form == StoredObjectForm.Final && creator.FindDifference(_rewriter.Rewrite(item, StoredObjectForm.Interim), there) is null;
        if (target.Kind == StoredObjectKind.Event && isInterim)
        {
            await EnableAsync(creator, target, cancellationToken).ConfigureAwait(false);
        }
        else if (target.Kind == StoredObjectKind.Trigger && form == StoredObjectForm.Final && (isInterim || IsGuarded(there)))
        {
            await creator.RunAsync(target, $"DROP TRIGGER {target.Name.ToSql()}", cancellationToken).ConfigureAwait(false);
            await creator.CreateAsync(target, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            creator.AcceptOrFail(target, difference);
        }
    }

    /// <summary>The statement that enables an event; without the clause it would make the session's account its definer.</summary>
    internal static string EnableSql(StoredObject target, DefinerMode mode)
    {
        string by = mode == DefinerMode.Keep && StoredObjectRewriter.DefinerOf(target.CreateSql, target.Syntax) is { } definer ? $"DEFINER={definer} " : string.Empty;
        return $"ALTER {by}EVENT {target.Name.ToSql()} ENABLE";
    }

    private async Task EnableAsync(StoredObjectCreator creator, StoredObject target, CancellationToken cancellationToken)
    {
        await creator.RunAsync(target, EnableSql(target, _context.Task.Options.DefinerMode), cancellationToken).ConfigureAwait(false);
        _context.Log.Write(LogLevel.Info, Phase, $"{target} enabled.");
    }

    /// <summary>Views in the order of their needs, and again as long as a round brings one further: a need that the text does not show is met then.</summary>
    private async Task CreateViewsAsync(
        StoredObjectCreator creator, MySqlSession source, List<(StoredObject Source, StoredObject Target)> views, Action onProgress, CancellationToken cancellationToken)
    {
        var others = creator.Failures.ToList();
        bool isProgress = true;
        while (views.Count > 0 && isProgress)
        {
            creator.ForgetFailures(others);
            var refused = new List<(StoredObject Source, StoredObject Target)>();
            foreach (var view in views)
            {
                if (!await creator.CreateAsync(view.Target, cancellationToken).ConfigureAwait(false))
                {
                    refused.Add(view);
                }

                onProgress();
            }

            isProgress = refused.Count < views.Count;
            views = refused;
        }

        foreach (var (item, target) in views)
        {
            if (await WhyInvalidAsync(source, item.Name, cancellationToken).ConfigureAwait(false) is { } words)
            {
                creator.Forgive(target);
                _context.Log.Write(LogLevel.Warning, Phase, $"{item} cannot be used on the source either and is left out: {words}");
            }
        }
    }

    private static bool IsGuarded(StoredObject trigger) => TriggerGuard.IsOn(trigger.CreateSql[StoredStatement.Parse(trigger.CreateSql, trigger.Syntax).Body..]);

    /// <summary>The source's own words about a view that has lost what it needs; null for one that can be read.</summary>
    internal static async Task<string?> WhyInvalidAsync(MySqlSession source, QualifiedName view, CancellationToken cancellationToken)
    {
        const int ViewInvalid = 1356;
        try
        {
            await source.ExecuteAsync($"SELECT 1 FROM {view.ToSql()} LIMIT 0", cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (MySqlServerException e)
        {
            return e.Errno == ViewInvalid ? e.ServerMessage : null;
        }
    }
}
