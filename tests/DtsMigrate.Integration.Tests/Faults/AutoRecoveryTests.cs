using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>A failed task tries again by itself where it may, and never once another worker has had it.</summary>
public sealed class AutoRecoveryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_failed_task_goes_on_by_itself_once_the_cause_is_gone()
    {
        using Journey journey = await FailAsync("recover");
        using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
        await BreakAsync(journey, worker);
        await Journey.ExecuteAsync(journey.DestinationRoot, $"INSERT INTO {journey.Database}.t VALUES (1,0)");
        await WaitFor.ConditionAsync(
            async _ => await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) FROM {journey.Database}.t WHERE v=7") == "1", Limit, "the change", CancellationToken.None);
        await WaitFor.ConditionAsync(() => State(worker) == "Replicating", Limit, "the task to go on", CancellationToken.None);
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
        await StopAsync(worker);
    }

    [Fact]
    public async Task It_does_not_come_back_once_another_worker_has_had_the_task()
    {
        using Journey journey = await FailAsync("fenced");
        using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
        await BreakAsync(journey, worker);

        // As a worker elsewhere does that stops the task or cuts it over.
        await Journey.ExecuteAsync(journey.DestinationRoot, $"UPDATE dts_migrate.lease SET epoch=epoch+1, owner='elsewhere:1:x:y' WHERE task='{journey.Database}'");
        (int code, _, string error) = await worker.WaitAsync(Limit);
        Assert.Equal(4, code);
        Assert.Contains("LeaseLost", error, StringComparison.Ordinal);
        Assert.Contains("elsewhere", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_the_waiting()
    {
        using Journey journey = await FailAsync("stopped");
        using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
        await BreakAsync(journey, worker);
        await StopAsync(worker);
        Assert.Equal("Stopped", WorkerProcess.LastStatus(worker.OutputSoFar).GetProperty("state").GetString());
    }

    private static async Task<Journey> FailAsync(string prefix)
    {
        Journey journey = await Journey.CreateAsync(prefix);
        await Journey.ExecuteAsync(journey.SourceRoot, $"CREATE DATABASE {journey.Database}", $"CREATE TABLE {journey.Database}.t (id INT PRIMARY KEY, v INT)", $"INSERT INTO {journey.Database}.t VALUES (1,0),(2,0)");
        var task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { AutoRecoveryDays = 1 } });
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, error);
        return journey;
    }

    private static async Task BreakAsync(Journey journey, WorkerProcess worker)
    {
        await WaitFor.ConditionAsync(() => State(worker) == "Replicating", Limit, "the stream", CancellationToken.None);
        await Journey.ExecuteAsync(journey.DestinationRoot, $"DELETE FROM {journey.Database}.t WHERE id=1");
        await Journey.ExecuteAsync(journey.SourceRoot, $"UPDATE {journey.Database}.t SET v=7 WHERE id=1");
        await WaitFor.ConditionAsync(
            () => State(worker) == "Retrying" && WorkerProcess.LastStatus(Lines(worker)).GetProperty("errorCode").GetString() == "RowConflict", Limit, "the failure", CancellationToken.None);
        Assert.Contains("by itself", WorkerProcess.LastStatus(Lines(worker)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task StopAsync(WorkerProcess worker)
    {
        await worker.TerminateAsync();
        (int code, _, string error) = await worker.WaitAsync(Limit);
        Assert.True(code == 0, error);
    }

    private static string? State(WorkerProcess worker) => Lines(worker) is { Length: > 0 } lines ? WorkerProcess.LastStatus(lines).GetProperty("state").GetString() : null;

    // Whole lines only: the last one may be on its way.
    private static string Lines(WorkerProcess worker)
    {
        string output = worker.OutputSoFar;
        return output[..(output.LastIndexOf('\n') + 1)];
    }
}
