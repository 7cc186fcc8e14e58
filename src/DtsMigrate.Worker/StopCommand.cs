using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate stop</c>: asks, and waits until the worker has ended. A task that does not run is stopped already.</summary>
internal sealed class StopCommand(Arguments arguments, TextWriter output)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        TaskFolder folder = new TaskHome(arguments.Home).Folder(arguments.Operand);
        TaskStatusReader.Read(folder);
        try
        {
            TaskCommandAnswer answer = await new CommandQueue(folder, TimeProvider.System).SendAsync(TaskCommandKind.Stop, AnswerLimit, cancellationToken);
            await output.WriteLineAsync(answer.Message);
        }
        catch (DtsMigrateException e) when (e.Code == "TaskNotRunning")
        {
            await output.WriteLineAsync(e.Message);
            return ExitCode.Done;
        }

        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Poll);
        while (WorkerLock.IsHeld(folder, out int pid))
        {
            if (TimeProvider.System.GetElapsedTime(start) > EndLimit)
            {
                throw new DtsMigrateException("WorkerStillRunning", $"The worker of task '{folder.Name}' (process {pid}) has accepted to stop but still runs after {EndLimit.TotalMinutes:0} minutes.")
                {
                    Target = folder.Name,
                    RecommendedAction = "Look into events.jsonl of the task folder; end the process if it hangs: the task resumes from its last checkpoint.",
                };
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        MigrationStatus status = TaskStatusReader.Read(folder);
        await output.WriteLineAsync($"{status.State}: {status.Message}");
        return ExitCode.Done;
    }
}
