using DtsMigrate.Engine.Run;

namespace DtsMigrate.Engine.Tests.Run;

public sealed class PauseControlTests
{
    [Fact]
    public async Task A_pause_cancels_the_work_and_lasts_until_it_is_resumed()
    {
        using var pause = new PauseControl();
        CancellationToken work = pause.Begin(CancellationToken.None);
        Assert.True(pause.TryAsk());
        Assert.True(pause.IsAsked);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromMinutes(1), work));
        pause.End();
        Task rest = pause.WaitResumeAsync(CancellationToken.None);
        Assert.False(rest.IsCompleted);
        Assert.True(pause.TryResume());
        await rest;
        Assert.False(pause.IsAsked);
        Assert.False(pause.TryResume());
    }

    [Fact]
    public void Without_work_that_may_be_paused_a_pause_is_refused()
    {
        using var pause = new PauseControl();
        Assert.False(pause.TryAsk());
        pause.Begin(CancellationToken.None);
        pause.End();
        Assert.False(pause.TryAsk());
    }

    [Fact]
    public async Task A_stop_ends_the_rest()
    {
        using var pause = new PauseControl();
        using var stop = new CancellationTokenSource();
        pause.Begin(stop.Token);
        pause.TryAsk();
        pause.End();
        Task rest = pause.WaitResumeAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rest);
        Assert.True(pause.IsAsked);
    }

    [Fact]
    public async Task Asking_again_after_a_resume_means_another_rest()
    {
        using var pause = new PauseControl();
        pause.Begin(CancellationToken.None);
        pause.TryAsk();
        pause.End();
        pause.TryResume();
        Assert.True(pause.TryAsk());
        Task rest = pause.WaitResumeAsync(CancellationToken.None);
        Assert.False(rest.IsCompleted);
        pause.TryResume();
        await rest;
    }
}
