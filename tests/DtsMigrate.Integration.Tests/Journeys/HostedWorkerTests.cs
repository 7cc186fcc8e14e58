using DtsMigrate.Engine.Hosting;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Shop;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>The worker as the module launches it: passwords come down its standard input, one word goes back, and nothing of it is needed afterwards.</summary>
public sealed class HostedWorkerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task It_says_that_it_is_ready_and_goes_on_when_its_launcher_has_gone()
    {
        using Journey journey = await CreateAsync();
        using WorkerProcess worker = Start(journey);
        await worker.WriteAsync(Handover(Journey.PasswordText).ToLine());
        Assert.True((await ReplyAsync(worker)).Ready, worker.OutputSoFar);

        var folder = new TaskHome(journey.Home).Folder(journey.Database);
        await WaitFor.ConditionAsync(() => folder.ReadState()?.State == TaskState.Replicating || worker.HasExited, Limit, "the stream", CancellationToken.None);
        await Journey.ExecuteAsync(journey.SourceRoot, $"CREATE TABLE `{journey.Database}`.late (id INT PRIMARY KEY)");
        await WaitFor.ConditionAsync(
            async token => await journey.Destination.RunSqlAsync($"SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA='{journey.Database}' AND TABLE_NAME='late'", token) != "", Limit, "the new table", CancellationToken.None);

        await worker.TerminateAsync();
        Assert.Equal(0, (await worker.WaitAsync(Limit)).Code);
        Assert.Equal(TaskState.Stopped, folder.ReadState()!.State);
        Assert.Single(worker.OutputSoFar.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await SecretTests.AssertNoSecretAsync(journey);
    }

    [Fact]
    public async Task It_says_why_it_cannot_begin()
    {
        using Journey journey = await CreateAsync();
        using WorkerProcess worker = Start(journey);
        await worker.WriteAsync(Handover("Wrong-" + Journey.PasswordText).ToLine());

        var (code, output, error) = await worker.WaitAsync(Limit);
        Assert.Equal(4, code);
        Assert.Equal("PrecheckBlocked", WorkerReply.Parse(output)!.Code);
        Assert.DoesNotContain(Journey.PasswordText, output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "WorkerNotLaunched")]
    [InlineData("run, please", "WorkerNotLaunched")]
    [InlineData("{\"version\":\"0.0.1\"}", "WorkerVersionDiffers")]
    public async Task What_is_no_launcher_s_word_is_refused_before_anything_is_done(string word, string expected)
    {
        using Journey journey = await CreateAsync();
        using WorkerProcess worker = Start(journey);
        await worker.WriteAsync(word);

        var (code, output, _) = await worker.WaitAsync(Limit);
        Assert.Equal(4, code);
        Assert.Equal(expected, WorkerReply.Parse(output)!.Code);
        Assert.Null(new TaskHome(journey.Home).Folder(journey.Database).ReadState());
    }

    private static async Task<Journey> CreateAsync()
    {
        Journey journey = await Journey.CreateAsync("hosted");
        await using (MySqlSession session = await MySqlSession.ConnectAsync(journey.SourceRoot, TimeProvider.System, CancellationToken.None))
        {
            await ShopSchema.CreateAsync(session, journey.Database, 500, CancellationToken.None);
        }

        new TaskHome(journey.Home).Create(journey.Task());
        return journey;
    }

    // Without the passwords in the environment: only what is handed over counts.
    private static WorkerProcess Start(Journey journey) =>
        WorkerProcess.Start(journey.Home, new Dictionary<string, string>(), "hosted", "--home", journey.Home, "--", journey.Database);

    private static WorkerHandover Handover(string password) => WorkerHandover.From(Secret.From(password), Secret.From(password), null);

    private static async Task<WorkerReply> ReplyAsync(WorkerProcess worker)
    {
        await WaitFor.ConditionAsync(() => worker.OutputSoFar.Contains('\n') || worker.HasExited, Limit, "the reply", CancellationToken.None);
        return WorkerReply.Parse(worker.OutputSoFar)!;
    }
}
