using System.Text.Json;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Worker;

namespace DtsMigrate.Engine.Tests.Worker;

public sealed class HostTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _home.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("--help", "Usage:")]
    [InlineData("--version", "dtsmigrate 0.")]
    public async Task Help_and_version_go_to_standard_output(string arg, string text)
    {
        Assert.Equal(0, await RunAsync(arg));
        Assert.Contains(text, _output.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Bad_usage_is_code_2()
    {
        Assert.Equal(2, await RunAsync("walk"));
        Assert.Contains("code: UsageInvalid", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--help", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task A_faulty_definition_is_code_2_with_every_fault_and_touches_nothing()
    {
        string file = await WriteAsync("{ \"name\": \"a b\", \"extra\": 1 }");

        Assert.Equal(2, await RunAsync("run", file, "--home", Path.Combine(_home.Home.FullPath, "tasks")));

        Assert.Contains("$.extra", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("$.source", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
        Assert.False(Directory.Exists(Path.Combine(_home.Home.FullPath, "tasks")));
    }

    [Fact]
    public async Task A_missing_definition_is_code_2()
    {
        Assert.Equal(2, await RunAsync("run", "/nowhere.json"));
        Assert.Contains("code: TaskFileUnreadable", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "TaskNotFound")]
    [InlineData("stop", "TaskNotFound")]
    public async Task An_unknown_task_is_code_2(string command, string code)
    {
        Assert.Equal(2, await RunAsync(command, "none", "--home", _home.Home.FullPath));
        Assert.Contains(code, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_is_shown_in_words_and_as_one_line_of_JSON()
    {
        _home.Home.Create(Definitions.Task);
        Assert.Equal(0, await RunAsync("status", "shop", "--home", _home.Home.FullPath));
        Assert.Contains("Created", _output.ToString(), StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("status", "shop", "--json", "--home", _home.Home.FullPath));
        string line = Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using JsonDocument document = JsonDocument.Parse(line);
        Assert.Equal("Created", document.RootElement.GetProperty("state").GetString());
        Assert.Equal("shop", document.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Stop_asks_the_worker_and_waits_until_it_has_ended()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        WorkerLock held = WorkerLock.TryAcquire(folder)!;
        using var end = new CancellationTokenSource();
        Task worker = new CommandQueue(folder, TimeProvider.System).RunAsync(
            _ =>
            {
                end.CancelAfter(TimeSpan.FromMilliseconds(50));
                return "Stopping.";
            },
            end.Token);
        Task ended = worker.ContinueWith(_ => held.Dispose(), TaskScheduler.Default);

        Assert.Equal(0, await RunAsync("stop", "shop", "--home", _home.Home.FullPath));

        Assert.True(ended.IsCompleted);
        Assert.Contains("Stopping.", _output.ToString(), StringComparison.Ordinal);
        await ended;
    }

    [Fact]
    public async Task A_task_that_does_not_run_is_stopped_already()
    {
        _home.Home.Create(Definitions.Task);

        Assert.Equal(0, await RunAsync("stop", "shop", "--home", _home.Home.FullPath));
        Assert.Contains("No worker runs", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_another_worker_runs_is_code_4()
    {
        string file = await WriteAsync(Definitions.Good);
        using WorkerLock? held = WorkerLock.TryAcquire(_home.Home.Folder("shop"));

        Assert.Equal(4, await RunAsync("run", file, "--home", _home.Home.FullPath, "--json"));
        Assert.Contains("code: TaskRunning", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_is_not_where_the_definition_says_is_code_2()
    {
        string file = await WriteAsync(Definitions.With("SRC_PW", "DTSMIGRATE_TEST_NONE"));

        Assert.Equal(2, await RunAsync("run", file, "--home", _home.Home.FullPath, "--json"));
        Assert.Contains("DTSMIGRATE_TEST_NONE", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_have_their_codes()
    {
        Assert.Equal(3, Host.CodeOf(new PrecheckBlockedException([])));
        Assert.Equal(4, Host.CodeOf(new DtsMigrateException("LeaseHeld", "x")));
        Assert.Equal(4, Host.CodeOf(new InvalidOperationException()));
    }

    private Task<int> RunAsync(params string[] args) => new Host(_output, _error).RunAsync(args);

    private async Task<string> WriteAsync(string json)
    {
        Directory.CreateDirectory(_home.Home.FullPath);
        string file = Path.Combine(_home.Home.FullPath, "definition.json");
        await File.WriteAllTextAsync(file, json);
        return file;
    }
}
