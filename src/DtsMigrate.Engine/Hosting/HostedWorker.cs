using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Hosting;

/// <summary>The worker's side of a launch: takes the passwords, runs the migration, says one word to the launcher and lets go of it.</summary>
public sealed class HostedWorker : IDisposable
{
    private static readonly TimeSpan HandoverLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TaskFolder _folder;
    private readonly RunUntil _until;
    private readonly CancellationTokenSource _stop = new();
    private readonly DetachedProcess _process;
    private bool _replied;

    /// <summary>Makes this process independent of its launcher's terminal.</summary>
    /// <param name="folder">The task's folder.</param>
    /// <param name="until">When the run ends by itself.</param>
    /// <exception cref="DtsMigrateException">WorkerNotLaunched: the streams are a terminal's. A worker leaves the session of its shell and gives up its streams, which must not happen to one in which somebody types.</exception>
    public HostedWorker(TaskFolder folder, RunUntil until)
    {
        if (!Console.IsInputRedirected || !Console.IsOutputRedirected)
        {
            throw NotLaunched();
        }

        _folder = folder;
        _until = until;
        _process = new DetachedProcess(Stop);
    }

    private static DtsMigrateException NotLaunched() => new("WorkerNotLaunched", "Nobody handed this worker its passwords.")
    {
        RecommendedAction = "Start migrations with Start-Migration, which launches the worker.",
    };

    /// <summary>Runs to the end of the migration.</summary>
    /// <returns>False when it failed; the launcher or the task's status has the error.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            (Secret source, Secret destination, Secret? mail) = (await ReadHandoverAsync(stop.Token).ConfigureAwait(false)).Open();
            DateTimeOffset launched = TimeProvider.System.GetUtcNow();
            var run = new MigrationRun(_folder.ReadTask(), _folder, new SecretResolver(source: source, destination: destination, mail: mail), TimeProvider.System);
            Task running = run.RunAsync(_until, stop.Token);
            await WaitOnItsWayAsync(running, launched).ConfigureAwait(false);
            if (!running.IsFaulted)
            {
                Reply(new WorkerReply { Ready = true });
            }

            await running.ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Reply(new WorkerReply { Code = "WorkerStopped", Message = "The worker was stopped before it was ready." });
            return true;
        }
#pragma warning disable CA1031 // The end of the line: the launcher gets the error, or the task's state and log have it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Reply(WorkerReply.From(e));
            return false;
        }
    }

    /// <summary>Gives the signals back.</summary>
    public void Dispose()
    {
        _process.Dispose();
        _stop.Dispose();
    }

    private void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A signal that comes while the process ends asks for what happens anyway.
        }
    }

    private static async Task<WorkerHandover> ReadHandoverAsync(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Console.OpenStandardInput());
        // Reads of standard input do not see tokens; the wait does.
        string? line = await Task.Run(reader.ReadLine, CancellationToken.None).WaitAsync(HandoverLimit, cancellationToken).ConfigureAwait(false);
        return WorkerHandover.Parse(line) ?? throw NotLaunched();
    }

    /// <summary>Waits until the run has passed its first steps, waits for a server, or is over.</summary>
    private async Task WaitOnItsWayAsync(Task running, DateTimeOffset launched)
    {
        using var timer = new PeriodicTimer(Interval);
        while (!running.IsCompleted && !IsOnItsWay(launched))
        {
            await Task.WhenAny(running, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()).ConfigureAwait(false);
        }
    }

    /// <summary>At a station of the journey, or waiting for a server. States that end a run are left to the run itself, which then ends with its error.</summary>
    private bool IsOnItsWay(DateTimeOffset launched) => _folder.ReadState() is { } state && state.Since >= launched
        && state.State is not TaskState.Prechecking && (state.State.IsPhase() || state.State is TaskState.Retrying);

    private void Reply(WorkerReply reply)
    {
        if (_replied)
        {
            return;
        }

        _replied = true;
        try
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(System.Text.Encoding.UTF8.GetBytes(reply.ToLine() + "\n"));
            output.Flush();
        }
        catch (IOException)
        {
            // The launcher has gone; the task's status tells who asks.
        }

        DetachedProcess.ReleaseStandardStreams();
    }
}
