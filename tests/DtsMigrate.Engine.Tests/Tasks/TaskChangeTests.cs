using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class TaskChangeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static MigrationTask Defined { get; } = TaskDefinitionReader.Parse("""
        { "name": "shop", "source": { "host": "a", "user": "u" }, "destination": { "host": "b", "user": "u" }, "objects": { "shop": { "all": true } } }
        """);

    private static MigrationTask Threads(int threads) => Defined with { Options = Defined.Options with { CopyThreads = threads } };

    private static MigrationTask Limited(long rows) => Defined with { Options = Defined.Options with { Throttle = new ThrottleLimits { FullRowsPerSecond = rows } } };

    [Fact]
    public void Members_that_differ_are_named()
    {
        MigrationTask changed = Threads(5) with
        {
            Source = Defined.Source with { Port = 3307 },
            Objects = [new DatabaseSelection("crm", "crm", All: true, [])],
        };
        Assert.Equal(["objects.crm.all", "objects.shop.all", "options.copyThreads", "source.port"], TaskChange.Members(Defined, changed));
        Assert.Empty(TaskChange.Members(Defined, Defined));
    }

    [Fact]
    public async Task Anything_but_the_name_changes_before_the_first_start()
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Home.Create(Defined);
        MigrationTask changed = Threads(5) with { ConflictMode = ConflictMode.IgnoreErrorsAndProceed, MigrationTypes = MigrationTypes.Schema };
        await TaskChange.MakeAsync(folder, Defined, changed, TimeProvider.System, None);
        Assert.Empty(TaskChange.Members(changed, folder.ReadTask()));

        DtsMigrateException e = Assert.Throws<DtsMigrateException>(() => TaskChange.Require(folder, ["name"]));
        Assert.Equal("MemberFixed", e.Code);
    }

    [Theory]
    [InlineData("objects.shop.to")]
    [InlineData("migrationTypes")]
    [InlineData("conflictMode")]
    [InlineData("options.collationMap.utf8mb4_0900_ai_ci")]
    [InlineData("options.capitalization")]
    [InlineData("options.onlineDdlShadow")]
    public void What_progress_belongs_to_is_fixed_once_the_task_was_started(string member)
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Home.Create(Defined);
        folder.WriteState(new TaskStateRecord { State = TaskState.Stopped, Reason = "Stopped.", Since = DateTimeOffset.UnixEpoch, StartedAt = DateTimeOffset.UnixEpoch });
        DtsMigrateException e = Assert.Throws<DtsMigrateException>(() => TaskChange.Require(folder, ["options.copyThreads", member]));
        Assert.Equal("MemberFixed", e.Code);
        Assert.Contains($"is Stopped: {member} cannot change now", e.Message, StringComparison.Ordinal);
        TaskChange.Require(folder, ["options.copyThreads", "source.host", "destination.password.env", "accounts"]);
    }

    [Fact]
    public async Task A_running_task_takes_nothing_but_the_throttle()
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Home.Create(Defined);
        using WorkerLock held = WorkerLock.TryAcquire(folder)!;
        folder.WriteState(new TaskStateRecord { State = TaskState.FullCopy, Reason = "Copying.", Since = DateTimeOffset.UnixEpoch, StartedAt = DateTimeOffset.UnixEpoch });
        DtsMigrateException e = await Assert.ThrowsAsync<DtsMigrateException>(() => TaskChange.MakeAsync(folder, Defined, Threads(5), TimeProvider.System, None));
        Assert.Equal("MemberFixed", e.Code);
        Assert.Contains("FullCopy: options.copyThreads", e.Message, StringComparison.Ordinal);
        Assert.Empty(TaskChange.Members(Defined, folder.ReadTask()));
        TaskChange.Require(folder, ["options.throttle.fullRowsPerSecond"]);
    }

    [Fact]
    public async Task A_change_that_somebody_else_made_meanwhile_is_not_lost()
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Home.Create(Defined);
        await TaskChange.MakeAsync(folder, Defined, Threads(7), TimeProvider.System, None);
        DtsMigrateException e = await Assert.ThrowsAsync<DtsMigrateException>(() => TaskChange.MakeAsync(folder, Defined, Threads(5), TimeProvider.System, None));
        Assert.Equal("TaskChangedMeanwhile", e.Code);
        Assert.Equal(7, folder.ReadTask().Options.CopyThreads);
    }

    [Fact]
    public async Task Two_throttles_that_change_at_once_are_both_kept()
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Home.Create(Defined);
        await TaskChange.MakeAsync(folder, Defined, Limited(5), TimeProvider.System, None);
        MigrationTask other = Defined with { Options = Defined.Options with { Throttle = new ThrottleLimits { IncrementalRowsPerSecond = 9 } } };
        await TaskChange.MakeAsync(folder, Defined, other, TimeProvider.System, None);
        Assert.Equal(new ThrottleLimits { FullRowsPerSecond = 5, IncrementalRowsPerSecond = 9 }, folder.ReadTask().Options.Throttle);
    }

    [Fact]
    public async Task A_faulty_definition_is_not_written()
    {
        using var home = new TemporaryHome();
        TaskFolder folder = home.Home.Create(Defined);
        await Assert.ThrowsAsync<TaskDefinitionException>(() => TaskChange.MakeAsync(folder, Defined, Threads(0), TimeProvider.System, None));
        Assert.Empty(TaskChange.Members(Defined, folder.ReadTask()));
    }
}
