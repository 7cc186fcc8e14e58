using System.ComponentModel;
using System.Diagnostics;
using DtsMigrate.Engine.Run;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>
/// Starts a worker that outlives this shell, and returns once it is at work or has said why not. The worker is pwsh with this module; its three standard
/// streams are pipes to here, so it never holds the terminal, and it lets go of them after its one reply.
/// </summary>
internal sealed class WorkerLauncher
{
    private const int DiagnosticLines = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The runtime as the console worker has it in its project: pwsh's own settings are those of a shell. Numbers are hexadecimal.</summary>
    private static readonly (string Name, string Value)[] RuntimeSettings =
    [
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_TC_CallCountThreshold", "7D0"),
        ("DOTNET_gcServer", "0"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0"),
        .. SocketCompletions.Settings,
    ];

    private readonly string _program;
    private readonly string _manifest;

    /// <summary>Creates a launcher.</summary>
    /// <param name="program">pwsh.</param>
    /// <param name="manifest">Full path of the module's manifest.</param>
    public WorkerLauncher(string program, string manifest)
    {
        _program = program;
        _manifest = manifest;
    }

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
        var info = new ProcessStartInfo(_program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = folder.FullPath,
        };
        string command = $"Import-Module {Quote(_manifest)}; Invoke-MigrationWorker -Name {Quote(folder.Name)} -HomePath {Quote(home)} -Until {until}";
        foreach (string argument in (string[])["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", command])
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        info.Environment["NO_COLOR"] = "1";
        foreach ((string name, string value) in RuntimeSettings)
        {
            // What the user has set counts.
            if (!info.Environment.ContainsKey(name))
            {
                info.Environment[name] = value;
            }
        }

        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new DtsMigrateException("WorkerStartFailed", $"'{_program}' could not be started: {e.Message}", e)
            {
                Target = _program,
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
            RecommendedAction = "Run the migration with -InProcess to see what it does.",
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

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
