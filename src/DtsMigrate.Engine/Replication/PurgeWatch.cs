using System.Globalization;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Warns before the source purges a binary log file that the task still has to read: from the applied position, or from the watermark of a table that is being copied, to which the stream will go
/// back. What is gone already fails the task at once, and not only when a long copy has ended.
/// </summary>
internal sealed class PurgeWatch(RunContext context, Func<SourcePosition, SourcePosition>? ofSource = null)
{
    private const string Phase = "Incremental";
    private const uint FirstOffset = 4;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, GtidSet> _before = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _begun = new(StringComparer.Ordinal);
    private string? _warned;

    /// <summary>Looks once a minute until cancelled.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Codes <c>BinlogPurged</c>, <c>SourceRestored</c>.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, context.Time);
        while (true)
        {
            try
            {
                if (context.Metrics.Position is { } applied)
                {
                    var needed = await NeededPosition.ReadAsync(context, applied, cancellationToken).ConfigureAwait(false);
                    Tell(await LookAsync(ofSource?.Invoke(needed) ?? needed, cancellationToken).ConfigureAwait(false));
                }
            }
            catch (Exception e) when (e is not OperationCanceledException && FaultClassifier.Classify(e) != FaultClass.Stop)
            {
                // The stream's own sessions meet the same fault and tell of it.
            }

            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The danger in words; null for none.</summary>
    /// <param name="needed">Where the task has to read on from.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<string?> LookAsync(SourcePosition needed, CancellationToken cancellationToken)
    {
        var session = await context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = session.ConfigureAwait(false);
        await new SourceProbe(session, context.SourceFacts).CheckAsync(needed, cancellationToken).ConfigureAwait(false);
        if (await ReadRetentionAsync(session, cancellationToken).ConfigureAwait(false) is not { } retention)
        {
            return null;
        }

        var logs = await session.QueryRowsAsync("SHOW BINARY LOGS", cancellationToken).ConfigureAwait(false);
        string[] files = [.. logs.Select(static r => r.GetString(0))];
        Forget(files);
        int at = await FindAsync(session, files, needed, cancellationToken).ConfigureAwait(false);
        if (at < 0 || at == files.Length - 1)
        {
            return null; // in the file that is being written
        }

        // The server counts a file's age from its last write, which is when the next one was begun.
        DateTimeOffset purge = await ReadBeginningAsync(files[at + 1], cancellationToken).ConfigureAwait(false) + retention;
        var clock = await session.QueryRowsAsync("SELECT UNIX_TIMESTAMP()", cancellationToken).ConfigureAwait(false);
        var left = purge - DateTimeOffset.FromUnixTimeSeconds(clock[0].GetInt64(0));
        return left > Margin(retention)
            ? null
            : $"The source may purge {files[at]}, which this task still has to read, {(left > TimeSpan.Zero ? $"in {Words(left)}" : "at any moment")} (it keeps binary logs for {Words(retention)}). "
                + "Raise binlog_expire_logs_seconds on the source, or let the task be faster.";
    }

    /// <summary>How long before the purge it is told: a fifth of the time that files are kept, an hour at least, but no more than half.</summary>
    internal static TimeSpan Margin(TimeSpan retention)
    {
        TimeSpan fifth = retention / 5, hour = TimeSpan.FromHours(1), half = retention / 2;
        TimeSpan wanted = fifth > hour ? fifth : hour;
        return wanted < half ? wanted : half;
    }

    private static string Words(TimeSpan time) => time.TotalHours >= 48
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days")
        : time.TotalMinutes >= 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h") : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");

    private void Tell(string? warning)
    {
        context.Metrics.Warning = warning;
        if (warning is not null && _warned is null)
        {
            context.Log.Write(LogLevel.Warning, Phase, warning);
        }

        _warned = warning;
    }

    // Null: the source purges nothing by itself.
    private static async Task<TimeSpan?> ReadRetentionAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('binlog_expire_logs_seconds','expire_logs_days','binlog_expire_logs_auto_purge')", cancellationToken).ConfigureAwait(false);
        var values = rows.ToDictionary(static r => r.GetString(0).ToLowerInvariant(), static r => r.GetString(1), StringComparer.Ordinal);
        if (values.GetValueOrDefault("binlog_expire_logs_auto_purge") == "OFF")
        {
            return null;
        }

        double seconds = double.Parse(values.GetValueOrDefault("binlog_expire_logs_seconds", "0"), CultureInfo.InvariantCulture);
        seconds = seconds > 0 ? seconds : 86_400 * double.Parse(values.GetValueOrDefault("expire_logs_days", "0"), CultureInfo.InvariantCulture);
        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    // The file that holds the first transaction after the position: the newest one before which there is nothing that the position lacks.
    private async Task<int> FindAsync(MySqlSession session, string[] files, SourcePosition needed, CancellationToken cancellationToken)
    {
        if (needed.Gtids is not { } gtids)
        {
            return Array.IndexOf(files, needed.Coordinate!.Value.File);
        }

        for (int i = files.Length - 1; i >= 0; i--)
        {
            if (!_before.TryGetValue(files[i], out var before))
            {
                var events = await session.QueryRowsAsync($"SHOW BINLOG EVENTS IN {SqlText.Literal(files[i])} LIMIT 2", cancellationToken).ConfigureAwait(false);
                string text = events.Count == 2 && events[1].GetString(2) == "Previous_gtids" ? events[1].GetString(5) : string.Empty;
                _before[files[i]] = before = GtidSet.Parse(text);
            }

            if (gtids.Contains(before))
            {
                return i;
            }
        }

        return -1;
    }

    private async Task<DateTimeOffset> ReadBeginningAsync(string file, CancellationToken cancellationToken)
    {
        if (_begun.TryGetValue(file, out var known))
        {
            return known;
        }

        var options = new BinlogStreamOptions { From = new BinlogCoordinate(file, FirstOffset), ServerId = ReplicaServerId.Of(context) };
        var session = await context.Source.OpenAsync(SessionPurpose.Binlog, cancellationToken).ConfigureAwait(false);
        var stream = await BinlogStream.OpenAsync(session, options, context.Time, cancellationToken).ConfigureAwait(false);
        await using var scope = stream.ConfigureAwait(false);
        BinlogEvent next;
        do
        {
            next = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        while (next is not FormatDescriptionEvent || next.Header.Timestamp == 0);

        return _begun[file] = DateTimeOffset.FromUnixTimeSeconds(next.Header.Timestamp);
    }

    private void Forget(string[] files)
    {
        foreach (string gone in _before.Keys.Concat(_begun.Keys).Except(files).ToList())
        {
            _before.Remove(gone);
            _begun.Remove(gone);
        }
    }
}
