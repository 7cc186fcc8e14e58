using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class TaskWaiterTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("Created", "", WaitUntil.Ended, false)]
    [InlineData("Schema", "Schema", WaitUntil.SchemaDone, false)]
    [InlineData("FullCopy", "FullCopy", WaitUntil.SchemaDone, true)]
    [InlineData("FullCopy", "FullCopy", WaitUntil.CopyDone, false)]
    [InlineData("CatchingUp", "CatchingUp", WaitUntil.CopyDone, true)]
    [InlineData("Retrying", "CatchingUp", WaitUntil.CopyDone, true)]
    [InlineData("CatchingUp", "CatchingUp", WaitUntil.CaughtUp, false)]
    [InlineData("Replicating", "Replicating", WaitUntil.CaughtUp, true)]
    [InlineData("Stopped", "Replicating", WaitUntil.CaughtUp, true)]
    [InlineData("Replicating", "Replicating", WaitUntil.Ended, false)]
    [InlineData("Suspended", "FullCopy", WaitUntil.Ended, true)]
    [InlineData("Completed", "FullCopy", WaitUntil.CaughtUp, true)]
    public void A_point_is_reached_by_state_and_phase(string state, string phase, WaitUntil until, bool reached) =>
        Assert.Equal(reached, TaskWaiter.IsReached(new MigrationStatus { Name = "shop", State = state, Phase = phase }, until));

    [Fact]
    public void The_copy_is_not_done_while_a_table_is_copied_again() =>
        Assert.False(TaskWaiter.IsReached(new MigrationStatus { Name = "shop", State = "CatchingUp", Phase = "CatchingUp", TablesTotal = 2, TablesDone = 1 }, WaitUntil.CopyDone));

    [Fact]
    public async Task A_task_that_was_never_started_is_waited_for()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => new TaskWaiter(folder, TimeProvider.System).WaitAsync(WaitUntil.Ended, TimeSpan.FromMilliseconds(100), null, default));

        Assert.Equal("WaitTimeout", error.Code);
    }

    [Theory]
    [InlineData(TaskState.Failed, "TableGone")]
    [InlineData(TaskState.Interrupted, "MigrationInterrupted")]
    [InlineData(TaskState.Stopped, "WaitStopped")]
    public async Task A_task_that_rests_before_the_point_is_an_error(TaskState state, string code)
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        folder.WriteState(new TaskStateRecord { State = state, Reason = "why", Error = "why", ErrorCode = "TableGone" });

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => new TaskWaiter(folder, TimeProvider.System).WaitAsync(WaitUntil.CaughtUp, null, null, default));

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task The_wait_ends_when_the_point_is_reached_and_has_shown_the_way()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        var seen = new List<string>();

        MigrationStatus status = await new TaskWaiter(folder, TimeProvider.System).WaitAsync(
            WaitUntil.Ended,
            TimeSpan.FromMinutes(1),
            now =>
            {
                seen.Add(now.State);
                folder.WriteState(new TaskStateRecord { State = TaskState.Completed });
            },
            default);

        Assert.Equal("Completed", status.State);
        Assert.Equal(["Created", "Completed"], seen);
    }

    [Fact]
    public void A_removed_task_is_gone_with_its_folder()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);

        _home.Home.Remove("shop");

        Assert.False(Directory.Exists(folder.FullPath));
        Assert.Equal("TaskNotFound", Assert.Throws<DtsMigrateException>(() => _home.Home.Remove("shop")).Code);
    }

    [Fact]
    public void A_task_at_work_is_not_removed()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        using WorkerLock? held = WorkerLock.TryAcquire(folder);

        Assert.Equal("TaskRunning", Assert.Throws<DtsMigrateException>(() => _home.Home.Remove("shop")).Code);
        Assert.True(folder.Exists);
    }
}
