using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Throttling;

public sealed class MigrationControlTests : IDisposable
{
    private static readonly ThrottleLimits Hundred = new() { FullRowsPerSecond = 100 };

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_task_at_rest_is_changed_in_its_folder()
    {
        TaskFolder folder = Define(Hundred);
        ThrottleLimits limits = await SetAsync(folder, new ThrottleChange { FullQueriesPerSecond = 7 });

        Assert.Equal(Hundred with { FullQueriesPerSecond = 7 }, limits);
        Assert.Equal(limits, folder.ReadTask().Options.Throttle);
        Assert.False(WorkerLock.IsHeld(folder, out _));
    }

    [Fact]
    public async Task A_running_task_is_asked()
    {
        TaskFolder folder = Define(Hundred);
        using WorkerLock? held = WorkerLock.TryAcquire(folder);
        using var end = new CancellationTokenSource();
        TaskCommand? seen = null;
        Task worker = new CommandQueue(folder, TimeProvider.System).RunAsync(
            command =>
            {
                seen = command;
                MigrationTask task = folder.ReadTask();
                ThrottleKeeper.Keep(folder, task, command.Throttle!.ApplyTo(task.Options.Throttle));
                return "Done.";
            },
            end.Token);

        ThrottleLimits limits = await SetAsync(folder, new ThrottleChange { FullRowsPerSecond = 0 });

        Assert.Equal((TaskCommandKind.Throttle, new ThrottleChange { FullRowsPerSecond = 0 }), (seen!.Kind, seen.Throttle));
        Assert.Equal(ThrottleLimits.None, limits);
        await end.CancelAsync();
        await worker;
    }

    [Fact]
    public async Task A_refusal_of_the_worker_is_told_and_the_queue_goes_on()
    {
        TaskFolder folder = Define(Hundred);
        using WorkerLock? held = WorkerLock.TryAcquire(folder);
        using var end = new CancellationTokenSource();
        Task worker = new CommandQueue(folder, TimeProvider.System).RunAsync(_ => throw new IOException("The disk is full."), end.Token);
        await File.WriteAllTextAsync(Path.Combine(folder.CommandsFolder, "0.json"), "{ \"kind\": \"Dance\" }");

        for (int i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<DtsMigrateException>(() => SetAsync(folder, new ThrottleChange { FullRowsPerSecond = 0 }));

            Assert.Equal("ThrottleRefused", error.Code);
            Assert.Contains("The disk is full.", error.Message, StringComparison.Ordinal);
        }

        Assert.Contains("not understood", await File.ReadAllTextAsync(Path.Combine(folder.CommandsFolder, "0.answer.json")), StringComparison.Ordinal);
        Assert.Equal(Hundred, folder.ReadTask().Options.Throttle);
        await end.CancelAsync();
        await worker;
    }

    [Fact]
    public async Task What_cannot_be_is_refused_before_anything_is_changed()
    {
        Assert.Equal("TaskNotFound", (await Assert.ThrowsAsync<DtsMigrateException>(() => SetAsync(_home.Folder("nobody"), new ThrottleChange { FullRowsPerSecond = 1 }))).Code);
        TaskFolder folder = Define(Hundred);

        Assert.Equal("ThrottleOutOfRange", (await Assert.ThrowsAsync<DtsMigrateException>(() => SetAsync(folder, new ThrottleChange { FullRowsPerSecond = -5 }))).Code);
        Assert.Equal(Hundred, folder.ReadTask().Options.Throttle);
    }

    [Fact]
    public async Task A_definition_that_is_run_again_keeps_the_change_until_its_own_throttle_is_edited()
    {
        MigrationTask given = With(Hundred);
        TaskFolder folder = Define(Hundred);
        await SetAsync(folder, new ThrottleChange { FullRowsPerSecond = 50 });
        await SetAsync(folder, new ThrottleChange { FullRowsPerSecond = 25 });

        Assert.Equal(25, ThrottleKeeper.InForce(folder, given).FullRowsPerSecond);
        Assert.Equal(25, ThrottleKeeper.InForce(folder, folder.ReadTask()).FullRowsPerSecond);
        Assert.Equal(10, ThrottleKeeper.InForce(folder, With(new ThrottleLimits { FullRowsPerSecond = 10 })).FullRowsPerSecond);
    }

    [Fact]
    public void The_throttle_makes_no_other_task() =>
        Assert.Equal(DefinitionHash.Of(With(ThrottleLimits.None)), DefinitionHash.Of(With(Hundred)));

    private static Task<ThrottleLimits> SetAsync(TaskFolder folder, ThrottleChange change) =>
        MigrationControl.SetThrottleAsync(folder, change, TimeProvider.System, CancellationToken.None);

    private static MigrationTask With(ThrottleLimits limits) => Definitions.Task with { Options = new TaskOptions { Throttle = limits } };

    private TaskFolder Define(ThrottleLimits limits) => _home.Home.Create(With(limits));
}
