using System.ComponentModel;
using System.Diagnostics;
using DtsMigrate.Engine.Hosting;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>
/// Starts a worker that outlives this shell, and returns once it is at work or has said why not. Its three standard streams are pipes to here, so it never holds the
/// terminal, and it lets go of them after its one reply.
/// </summary>
internal sealed class WorkerLauncher(WorkerProgram program)
{
    private const int DiagnosticLines = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Starts the worker.</summary>
    /// <exception cref="DtsMigrateException">WorkerStartFailed, WorkerStartTimeout, or the worker's own error.</exception>
    public async Task LaunchAsync(TaskFolder folder, string home, RunUntil until, Secret source, Secret destination, Secret? mail, CancellationToken cancellationToken)
    {
        using Process process = Start(folder, home, until);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        Task<string> errors = ReadTailAsync(process.StandardError, limit.Token);
        try
        {
            await HandOverAsync(process, WorkerHandover.From(source, destination, mail), limit.Token).ConfigureAwait(false);
            WorkerReply? reply = await ReadReplyAsync(process, limit.Token).ConfigureAwait(false);
            if (reply is null)
            {
                throw Failed(await errors.ConfigureAwait(false));
            }

            if (!reply.Ready)
            {
                throw reply.ToException();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && WorkerLock.IsHeld(folder, out int pid) && pid == process.Id)
        {
            // It has the task and takes its time to connect: it is a worker, and its status says how it fares.
        }
        catch (OperationCanceledException e)
        {
            Kill(process);
            cancellationToken.ThrowIfCancellationRequested();
            throw new DtsMigrateException("WorkerStartTimeout", $"The worker of task '{folder.Name}' gave no word within {Limit.TotalSeconds:0} seconds and was ended.", e)
            {
                Target = folder.Name,
                RecommendedAction = "Try again; if it happens again, run the migration with -InProcess to see what it does.",
            };
        }
        finally
        {
            await limit.CancelAsync().ConfigureAwait(false);
            await ((Task)errors).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Process Start(TaskFolder folder, string home, RunUntil until)
    {
        try
        {
            return Process.Start(program.StartInfo(folder, home, until))!;
        }
        catch (Win32Exception e)
        {
            throw new DtsMigrateException("WorkerStartFailed", $"'{program.Path}' could not be started: {e.Message}", e)
            {
                Target = program.Path,
                RecommendedAction = $"Set {WorkerHost.Variable} to the full path of pwsh 7.6 or later, or use -InProcess.",
            };
        }
    }

    private static async Task HandOverAsync(Process process, WorkerHandover handover, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(handover.ToLine().AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It died before it read: what it wrote to its error stream tells more than a broken pipe does.
        }
    }

    private static async Task<WorkerReply?> ReadReplyAsync(Process process, CancellationToken cancellationToken)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (WorkerReply.Parse(line) is { } reply)
            {
                return reply;
            }
        }

        return null;
    }

    private static async Task<string> ReadTailAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var lines = new Queue<string>();
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            lines.Enqueue(line);
            if (lines.Count > DiagnosticLines)
            {
                lines.Dequeue();
            }
        }

        return string.Join(Environment.NewLine, lines).Trim();
    }

    private static DtsMigrateException Failed(string diagnostics) =>
        new("WorkerStartFailed", diagnostics.Length == 0 ? "The worker ended before it was ready." : $"The worker ended before it was ready: {diagnostics}")
        {
            RecommendedAction = $"Run the migration with -InProcess to see what it does. {WorkerHost.Variable} names another program for workers, such as pwsh.",
        };

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
