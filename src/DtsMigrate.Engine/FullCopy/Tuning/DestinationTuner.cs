using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>Changes the destination server's settings for the time of the copy, where the task asks for it, and sets them back however the copy ends.</summary>
internal sealed class DestinationTuner
{
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(30);

    private readonly RunContext _context;
    private readonly ServerSettingStore _settings;

    /// <summary>Creates the tuner.</summary>
    public DestinationTuner(RunContext context)
    {
        _context = context;
        _settings = new ServerSettingStore(context.Destination, context.Task.Name, context.Store.AssertLeaseAsync);
    }

    /// <summary>Sets back what an earlier run of the task has left changed: one that was killed, or that could not reach the server any more.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (string words in await _settings.RestoreAsync(cancellationToken).ConfigureAwait(false))
        {
            _context.Log.Write(LogLevel.Info, "Tuning", $"Destination: {words}.");
        }
    }

    /// <summary>Runs the copy with the settings that the task asks for.</summary>
    /// <exception cref="DtsMigrateException">Code <c>RedoLogOffRefused</c>: the destination has databases of others by now.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> copy, CancellationToken cancellationToken)
    {
        ServerSetting[] wanted = [.. ServerSetting.Of(_context.Task.Options.DestinationTuning)];
        if (wanted.Length == 0)
        {
            await copy(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await _context.Retry.RunAsync("change settings of the destination", (_, token) => ChangeAsync(wanted, token), cancellationToken).ConfigureAwait(false);
            await copy(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await TryRestoreAsync().ConfigureAwait(false);
            throw;
        }

        // A copy is not done before the server is as durable as it was.
        await _context.Retry.RunAsync("set back settings of the destination", (_, token) => RestoreAsync(token), cancellationToken).ConfigureAwait(false);
    }

    private async Task ChangeAsync(ServerSetting[] wanted, CancellationToken cancellationToken)
    {
        if (_context.Task.Options.DestinationTuning.HasFlag(DestinationTuning.RedoLogOff))
        {
            await RefuseWithOthersAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (ServerSetting setting in wanted)
        {
            if (await _settings.ChangeAsync(setting, cancellationToken).ConfigureAwait(false) is { } change)
            {
                _context.Log.Write(LogLevel.Warning, "Tuning", $"Destination: changed {change} for the time of the copy.");
            }
        }
    }

    private async Task RefuseWithOthersAsync(CancellationToken cancellationToken)
    {
        MySqlSession session = await _context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            IReadOnlyList<string> others = await OtherDatabases.ReadAsync(session, _context.Task, cancellationToken).ConfigureAwait(false);
            if (others.Count > 0)
            {
                throw new DtsMigrateException("RedoLogOffRefused", $"The redo log of the destination is not switched off: a crash would also cost the databases {string.Join(", ", others.Take(5))}.")
                {
                    Target = others[0],
                    RecommendedAction = "Remove RedoLogOff from destinationTuning, or use a destination that has no other databases.",
                };
            }
        }
    }

    /// <summary>After a failure or a stop, whose own cause is the one to tell.</summary>
    private async Task TryRestoreAsync()
    {
        using var limit = new CancellationTokenSource(RestoreLimit, _context.Time);
        try
        {
            await RestoreAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DtsMigrateException or OperationCanceledException)
        {
            _context.Log.Write(
                LogLevel.Warning,
                "Tuning",
                $"Settings of the destination could not be set back: {Sentence.End(e.Message)} The next start of the task does it; for a task that is not to run again, 'dtsmigrate restore-settings' with its definition.");
        }
    }
}
