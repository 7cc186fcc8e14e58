using System.Text.Json;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Progress;

/// <summary>
/// Shows a run: each second <c>status.json</c> and <c>tables.json</c> are replaced and <c>samples.jsonl</c> grows by a line. Thread safe.
/// </summary>
public sealed class StatusWriter : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // About a week of seconds; then the file becomes samples.old.jsonl and a new one begins.
    private const long SamplesLimit = 128L << 20;

    private readonly Lock _gate = new();
    private readonly TaskFolder _folder;
    private readonly TaskStateMachine _states;
    private readonly TimeProvider _time;
    private readonly RunMetrics _metrics;
    private readonly StatusBuilder _builder;
    private FileStream _samples;
    private (MigrationStatus Status, IReadOnlyList<TableStatus> Tables) _last;
    private volatile string? _message;

    /// <summary>Creates the writer and writes the first status.</summary>
    /// <param name="folder">Task folder.</param>
    /// <param name="states">State.</param>
    /// <param name="metrics">Live counters. Put a table in only with what earlier runs copied already added, else it counts as this second's rate.</param>
    /// <param name="time">Clock.</param>
    public StatusWriter(TaskFolder folder, TaskStateMachine states, RunMetrics metrics, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(states);
        folder.Prepare();
        _folder = folder;
        _states = states;
        _time = time;
        _metrics = metrics;
        _builder = new StatusBuilder(folder.Name, metrics, time);
        _samples = new FileStream(folder.SamplesFile, AtomicFile.Create(FileMode.Append));
        Write();
    }

    /// <summary>The numbers as last written, with the state of this instant.</summary>
    public MigrationStatus Status
    {
        get
        {
            lock (_gate)
            {
                return StatusBuilder.WithState(_last.Status, _states.Current, _message ?? _metrics.Activity);
            }
        }
    }

    /// <summary>The status of the tables as last written, in the order of their numbers.</summary>
    public IReadOnlyList<TableStatus> Tables
    {
        get
        {
            lock (_gate)
            {
                return _last.Tables;
            }
        }
    }

    /// <summary>What the task does now, in words; null (the default) shows what it does to a table besides copying, else the reason of its state.</summary>
    public string? Message
    {
        get => _message;
        set => _message = value;
    }

    /// <summary>Writes each second until cancelled, and once more then. Ends without an exception when cancelled.</summary>
    /// <exception cref="IOException">The folder cannot be written; the run must not go on unseen.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                Write();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Write();
        }
    }

    /// <summary>Writes now: after a change of state that must not wait for the next second.</summary>
    public void Write()
    {
        lock (_gate)
        {
            _last = _builder.Build(_states.Current, _message ?? _metrics.Activity);
            _folder.WriteTables(_last.Tables);
            _folder.WriteStatus(_last.Status);
            MigrationMeter.Publish(_last.Status);
            JsonSerializer.Serialize(_samples, StatusSample.Of(_last.Status), TaskJson.Type<StatusSample>());
            _samples.WriteByte((byte)'\n');
            _samples.Flush();
            if (_samples.Length > SamplesLimit)
            {
                Roll();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        MigrationMeter.Withdraw(_folder.Name);
        _samples.Dispose();
    }

    private void Roll()
    {
        _samples.Dispose();
        File.Move(_folder.SamplesFile, Path.ChangeExtension(_folder.SamplesFile, ".old.jsonl"), overwrite: true);
        _samples = new FileStream(_folder.SamplesFile, AtomicFile.Create(FileMode.Append));
    }
}
