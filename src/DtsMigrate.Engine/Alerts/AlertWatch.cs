using System.Threading.Channels;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Alerts;

/// <summary>
/// Watches a run beside it and tells what its rules say. Sending is off the watch's way: a mail server that hangs delays alerts, never the migration or the next look. Rules that have fired are
/// kept in <c>alerts.json</c>, so that a restart tells nothing twice.
/// </summary>
internal sealed class AlertWatch : IAsyncDisposable
{
    private const int QueueLength = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly TaskFolder _folder;
    private readonly StatusWriter _writer;
    private readonly IRunLog _log;
    private readonly TimeProvider _time;
    private readonly AlertRules _rules;
    private readonly AlertSender _sender;
    private readonly Channel<Alert> _queue = Channel.CreateBounded<Alert>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task _looking;
    private readonly Task _sending;
    private AlertRecord _record;
    private long _lastLook;

    public AlertWatch(AlertOptions options, TaskFolder folder, StatusWriter writer, SecretResolver secrets, IRunLog log, TimeProvider time)
    {
        _folder = folder;
        _writer = writer;
        _log = log;
        _time = time;
        _record = AtomicFile.ReadJson<AlertRecord>(folder.AlertsFile) ?? new AlertRecord([], 0);
        _rules = new AlertRules(options, _record.Fired);
        _sender = new AlertSender(options, token => secrets.ResolveMailAsync(options.SmtpPassword, token));
        _lastLook = time.GetTimestamp();
        _looking = options.IsActive ? LookAsync() : Task.CompletedTask;
        _sending = SendAsync();
    }

    /// <summary>Looks once more, at how the run ended, and gives the last alerts their time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(false);
        _queue.Writer.TryComplete();
        _giveUp.CancelAfter(LastWords);
        await _sending.ConfigureAwait(false);
        _sender.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            Look();
        }
    }

    private void Look()
    {
        MigrationStatus status = _writer.Status;
        if (status.State == nameof(TaskState.FullCopy))
        {
            _record = _record with { CopySeconds = _record.CopySeconds + _time.GetElapsedTime(_lastLook).TotalSeconds };
        }

        _lastLook = _time.GetTimestamp();
        foreach (Alert alert in _rules.Look(status, TimeSpan.FromSeconds(_record.CopySeconds)))
        {
            _log.Write(alert.Status == "Fired" ? LogLevel.Warning : LogLevel.Info, "Alert", $"{alert.Rule} {alert.Status.ToLowerInvariant()}: {alert.Message}");
            _queue.Writer.TryWrite(alert);
        }

        try
        {
            AtomicFile.WriteJson(_folder.AlertsFile, _record = _record with { Fired = [.. _rules.Fired] }, durable: false);
        }
        catch (IOException)
        {
            // The status writer meets the same folder in the same second, and ends the run with the error.
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (Alert alert in _queue.Reader.ReadAllAsync(_giveUp.Token).ConfigureAwait(false))
            {
                foreach (string failure in await _sender.SendAsync(alert, _giveUp.Token).ConfigureAwait(false))
                {
                    _log.Write(LogLevel.Warning, "Alert", $"{alert.Rule} {alert.Status.ToLowerInvariant()} was not delivered by {failure}.");
                }
            }
        }
        catch (OperationCanceledException)
        {
            _log.Write(LogLevel.Warning, "Alert", "The run ends before all alerts were delivered.");
        }
    }
}
