using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class AppliedWaitersTests
{
    [Fact]
    public async Task Those_wait_whose_position_is_not_reached_and_the_others_do_not()
    {
        var waiters = new AppliedWaiters();
        var early = waiters.WaitAsync(At(10), CancellationToken.None);
        var late = waiters.WaitAsync(At(30), CancellationToken.None);
        waiters.Reached(At(20));
        await early.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(late.IsCompleted);
        Assert.True(waiters.WaitAsync(At(20), CancellationToken.None).IsCompletedSuccessfully);

        // A new pass: nothing counts as reached until all tables are Live again.
        waiters.Reached(null);
        Assert.False(waiters.WaitAsync(At(5), CancellationToken.None).IsCompleted);
        waiters.Reached(At(30));
        await late.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_wait_ends_with_its_token()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new AppliedWaiters().WaitAsync(At(1), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static SourcePosition At(ulong offset) => SourcePosition.Of(new BinlogCoordinate("b.1", offset));
}
