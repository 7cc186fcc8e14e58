using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Faults;

public class RetryPolicyTests
{
    private static readonly TaskOptions Options = new() { RetryFailedConnectionsMinutes = 60, RetryOtherIssuesMinutes = 10 };

    private readonly AutoTime _time = new();
    private readonly List<RetryAttempt> _attempts = [];
    private readonly List<string> _recovered = [];

    [Fact]
    public async Task Success_at_once_tells_nobody()
    {
        await Policy().RunAsync("x", (_, _) => Task.CompletedTask, default);

        Assert.Empty(_attempts);
        Assert.Empty(_recovered);
    }

    [Fact]
    public async Task A_deadlock_is_tried_again()
    {
        int calls = 0;
        await Policy().RunAsync("copy chunk 3", (_, _) => ++calls < 4 ? throw Server(1213) : Task.CompletedTask, default);

        Assert.Equal(4, calls);
        Assert.Equal([1, 2, 3], _attempts.Select(attempt => attempt.Attempt));
        Assert.All(_attempts, attempt => Assert.Equal("copy chunk 3", attempt.What));
        Assert.Equal(["copy chunk 3"], _recovered);
    }

    [Fact]
    public async Task Delays_double_from_one_second_to_thirty()
    {
        await Assert.ThrowsAsync<MySqlServerException>(() => Policy().RunAsync("x", (_, _) => throw Server(1213), default));

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], _time.Waits.Take(7).Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Jitter_takes_up_to_half_of_a_delay()
    {
        await Assert.ThrowsAsync<MySqlServerException>(() => Policy(dice: 0.999).RunAsync("x", (_, _) => throw Server(1213), default));

        Assert.InRange(_time.Waits[0].TotalSeconds, 0.5, 0.6);
        Assert.InRange(_time.Waits[10].TotalSeconds, 15, 15.1);
    }

    [Theory]
    [InlineData(1213, 10)]
    [InlineData(1142, 10)]
    [InlineData(2013, 60)]
    public async Task It_gives_up_at_the_end_of_the_window_with_the_last_failure(int errno, int minutes)
    {
        DateTimeOffset start = _time.GetUtcNow();
        int calls = 0;

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => Policy().RunAsync("x", (_, _) => throw Server(errno, $"call {++calls}"), default));

        Assert.Equal(TimeSpan.FromMinutes(minutes), _time.GetUtcNow() - start);
        Assert.Equal($"call {calls}", error.ServerMessage);
        Assert.All(_attempts, attempt => Assert.Equal(start + TimeSpan.FromMinutes(minutes), attempt.WindowEnds));
    }

    [Fact]
    public async Task A_server_without_room_is_waited_for_without_limit_and_takes_no_time_from_the_window()
    {
        DateTimeOffset start = _time.GetUtcNow();
        int calls = 0;
        await Policy().RunAsync("x", (_, _) => ++calls switch { 1 => throw Server(1213), < 400 => throw Server(1114), < 402 => throw Server(1213), _ => Task.CompletedTask }, default);

        Assert.True(_time.GetUtcNow() - start > TimeSpan.FromHours(3));
        Assert.All(_attempts.Where(attempt => ((MySqlServerException)attempt.Cause).Errno == 1114), attempt => Assert.Null(attempt.WindowEnds));
        Assert.Equal(["x"], _recovered);
    }

    [Fact]
    public async Task Progress_opens_a_new_window()
    {
        int calls = 0;
        await Policy().RunAsync(
            "x",
            (scope, _) =>
            {
                // Longer than the window in all, but never without progress within it.
                _time.Advance(TimeSpan.FromMinutes(6));
                scope.ReportProgress();
                return ++calls < 10 ? throw Server(1213) : Task.CompletedTask;
            },
            default);

        Assert.Equal(10, calls);
        Assert.All(_attempts, attempt => Assert.Equal(1, attempt.Attempt));
        Assert.Equal(9, _recovered.Count);
    }

    [Fact]
    public async Task Each_kind_of_failure_has_its_own_window()
    {
        DateTimeOffset start = _time.GetUtcNow();

        await Assert.ThrowsAsync<MySqlServerException>(() => Policy().RunAsync(
            "x",
            (_, _) => throw (_time.GetUtcNow() - start < TimeSpan.FromMinutes(30) ? Server(2013) : Server(1213)),
            default));

        Assert.InRange((_time.GetUtcNow() - start).TotalMinutes, 40, 41);
    }

    [Theory]
    [InlineData(1062)]
    [InlineData(1153)]
    public async Task What_is_not_for_retry_fails_at_once(int errno)
    {
        int calls = 0;
        await Assert.ThrowsAsync<MySqlServerException>(() => Policy().RunAsync("x", (_, _) => throw Server(errno, $"{++calls}"), default));

        Assert.Equal(1, calls);
        Assert.Empty(_attempts);
    }

    [Fact]
    public async Task At_first_contact_a_wrong_password_fails_at_once()
    {
        int calls = 0;
        await Assert.ThrowsAsync<MySqlServerException>(() => Policy().RunAsync("connect", established: false, (_, _) => throw Server(1045, $"{++calls}"), default));

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_and_is_not_a_failure()
    {
        using var stop = new CancellationTokenSource();
        var policy = new RetryPolicy(Options, TimeProvider.System, _ => stop.Cancel(), _recovered.Add) { Dice = () => 0 };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => policy.RunAsync("x", (_, _) => throw Server(2013), stop.Token));

        Assert.Equal(["x"], _recovered);
    }

    [Fact]
    public async Task A_connection_that_breaks_by_the_cancellation_is_a_cancellation()
    {
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => FailAfterStopAsync(2013));

        Assert.IsType<MySqlServerException>(error.InnerException);
        Assert.Empty(_attempts);
    }

    [Fact]
    public async Task A_real_failure_after_cancellation_stays_one() => Assert.Equal(1062, (await Assert.ThrowsAsync<MySqlServerException>(() => FailAfterStopAsync(1062))).Errno);

    private async Task FailAfterStopAsync(int errno)
    {
        using var stop = new CancellationTokenSource();
        await Policy().RunAsync(
            "x",
            (_, _) =>
            {
                stop.Cancel();
                throw Server(errno);
            },
            stop.Token);
    }

    private static MySqlServerException Server(int errno, string message = "x") => new(errno, "HY000", message);

    private RetryPolicy Policy(double dice = 0) => new(Options, _time, _attempts.Add, _recovered.Add) { Dice = () => dice };
}
