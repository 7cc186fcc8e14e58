using DtsMigrate.Engine.Run;

namespace DtsMigrate.Engine.Tests.Run;

public sealed class CompanionTests
{
    private int _cancelled;

    [Fact]
    public async Task The_companion_ends_with_the_work()
    {
        await Companion.RunAsync(_ => Task.CompletedTask, ForeverAsync, CancellationToken.None);
        Assert.Equal(1, _cancelled);
    }

    [Fact]
    public async Task A_companion_that_fails_ends_the_work_and_is_heard()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Companion.RunAsync(ForeverAsync, _ => Task.FromException(new InvalidOperationException("watch")), CancellationToken.None));
        Assert.Equal("watch", failure.Message);
        Assert.Equal(1, _cancelled);
    }

    [Fact]
    public async Task The_failure_of_the_work_is_heard()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Companion.RunAsync(_ => Task.FromException(new InvalidOperationException("work")), ForeverAsync, CancellationToken.None));
        Assert.Equal("work", failure.Message);
        Assert.Equal(1, _cancelled);
    }

    [Fact]
    public async Task Cancelling_ends_both()
    {
        using var stop = new CancellationTokenSource();
        var both = Companion.RunAsync(ForeverAsync, ForeverAsync, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => both);
        Assert.Equal(2, _cancelled);
    }

    private async Task ForeverAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }
    }
}
