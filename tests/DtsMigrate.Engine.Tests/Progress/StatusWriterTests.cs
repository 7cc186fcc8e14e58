using System.Text.Json;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Progress;

public sealed class StatusWriterTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly AutoTime _time = new();
    private readonly RunMetrics _metrics = new();
    private readonly RunLog _log;
    private readonly TaskStateMachine _states;

    public StatusWriterTests()
    {
        _log = new RunLog(_home.Folder(), _time);
        _states = new TaskStateMachine(_home.Folder(), _log, _time);
        _states.TryTransition(TaskState.Starting, "Started.");
        _states.TryTransition(TaskState.FullCopy, "Copying.");
    }

    public void Dispose()
    {
        _log.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void Before_the_tables_are_known_nothing_is_guessed()
    {
        using StatusWriter writer = New();

        MigrationStatus status = writer.Status;
        Assert.Equal(("shop", "FullCopy", "Copying."), (status.Name, status.State, status.Message));
        Assert.Null(status.Percent);
        Assert.Null(status.EtaSeconds);
        Assert.Null(status.LagSeconds);
        Assert.Null(status.Position);
        Assert.InRange(status.PeakMemoryMb, 1, 100_000);
    }

    [Fact]
    public void What_is_done_to_a_table_besides_copying_is_shown_while_it_lasts()
    {
        TableProgress orders = Add(1, "orders", 10_000);
        TableProgress client = Add(2, "client", 500);
        using StatusWriter writer = New();
        client.Activity = "Building 2 indexes of shop.client.";
        Assert.Equal("Building 2 indexes of shop.client.", writer.Status.Message);
        orders.Activity = "Building 1 index of shop.orders.";
        writer.Write();
        Assert.Equal("Building 1 index of shop.orders. (1 more table likewise)", _home.Folder().ReadStatus()!.Message);
        (orders.Activity, client.Activity) = (null, null);
        Assert.Equal("Copying.", writer.Status.Message);
    }

    [Fact]
    public void Progress_rates_and_time_left_come_from_the_tables()
    {
        TableProgress orders = Add(1, "orders", 10_000);
        TableProgress client = Add(2, "client", 500);
        client.State = TableCopyState.Copied;
        client.AddCopied(600, 6_000);
        using StatusWriter writer = New();

        for (int second = 0; second < 4; second++)
        {
            orders.AddCopied(1000, 2_000_000);
            _time.Advance(TimeSpan.FromSeconds(1));
            writer.Write();
        }

        MigrationStatus status = writer.Status;
        Assert.Equal((1, 2), (status.TablesDone, status.TablesTotal));
        Assert.Equal((4600L, 10_600L), (status.RowsCopied, status.RowsTotalEstimate));
        Assert.Equal((1000.0, 2.0), (status.RowsPerSecond, status.MegabytesPerSecond));
        Assert.Equal(6.0, status.EtaSeconds);
        Assert.Equal(43.4, status.Percent);
        Assert.Equal(["shop.orders", "shop.client"], writer.Tables.Select(table => table.Table));
        Assert.Equal([40.0, 100.0], writer.Tables.Select(table => table.Percent));
        Assert.Equal([1000.0, 0.0], writer.Tables.Select(table => table.RowsPerSecond));
    }

    [Fact]
    public void A_table_larger_than_its_estimate_is_not_done_before_it_is()
    {
        TableProgress orders = Add(1, "orders", 100);
        orders.AddCopied(5000, 1);
        using StatusWriter writer = New();

        Assert.Equal(99.9, writer.Status.Percent);
        orders.State = TableCopyState.Copied;
        writer.Write();
        Assert.Equal(100, writer.Status.Percent);
        Assert.Null(writer.Status.EtaSeconds);
    }

    [Fact]
    public void An_empty_table_is_done_when_it_is()
    {
        TableProgress orders = Add(1, "orders", 0);
        using StatusWriter writer = New();

        Assert.Equal(0, writer.Status.Percent);
        orders.State = TableCopyState.Live;
        writer.Write();
        Assert.Equal((100, 1), (writer.Status.Percent, writer.Status.TablesDone));
    }

    [Fact]
    public void Changes_of_earlier_runs_are_counted_but_are_no_rate()
    {
        using StatusWriter writer = New();
        _metrics.ChangesApplied = 1_000_000;
        _metrics.AddChanges(10);
        _time.Advance(TimeSpan.FromSeconds(1));
        writer.Write();

        Assert.Equal((1_000_010L, 10.0), (writer.Status.ChangesApplied, writer.Status.ChangesPerSecond));
    }

    [Fact]
    public void A_new_state_is_shown_at_once()
    {
        using StatusWriter writer = New();
        _states.TryTransition(TaskState.CatchingUp, "Catching up.");

        Assert.Equal(("CatchingUp", "CatchingUp", "Catching up."), (writer.Status.State, writer.Status.Phase, writer.Status.Message));
    }

    [Fact]
    public void Lag_and_catch_up_time_are_shown()
    {
        Add(1, "orders", 0).State = TableCopyState.CatchingUp;
        _metrics.LagSeconds = 20;
        using StatusWriter writer = New();
        _metrics.LagSeconds = 18;
        _time.Advance(TimeSpan.FromSeconds(1));
        writer.Write();

        Assert.Equal((18.0, 9.0), (writer.Status.LagSeconds, writer.Status.EtaSeconds));
    }

    [Fact]
    public void A_table_copied_again_is_counted_again()
    {
        TableProgress orders = Add(1, "orders", 1000);
        orders.AddCopied(900, 9000);
        using StatusWriter writer = New();
        orders.ResetCopied();
        _time.Advance(TimeSpan.FromSeconds(1));
        writer.Write();

        Assert.Equal((0L, 0.0), (writer.Status.RowsCopied, writer.Status.RowsPerSecond));
    }

    [Fact]
    public void Files_say_what_the_properties_say()
    {
        Add(1, "orders", 1000).AddCopied(900, 9000);
        using StatusWriter writer = New();
        writer.Message = "Copying table shop.orders.";
        writer.Write();

        Assert.Equal(writer.Status, _home.Folder().ReadStatus());
        Assert.Equal("Copying table shop.orders.", writer.Status.Message);
        Assert.Equal(writer.Tables, _home.Folder().ReadTables());
        string[] samples = Samples();
        Assert.Equal(2, samples.Length);
        Assert.Equal(StatusSample.Of(writer.Status), JsonSerializer.Deserialize<StatusSample>(samples[1], TaskJson.Options));
    }

    [Fact]
    public async Task It_writes_once_more_when_it_ends()
    {
        using var stop = new CancellationTokenSource();
        using var writer = new StatusWriter(_home.Folder(), _states, _metrics, TimeProvider.System);
        Task running = writer.RunAsync(stop.Token);
        _states.TryTransition(TaskState.Stopping, "x");
        _states.TryTransition(TaskState.Stopped, "Stopped by the user.");
        await stop.CancelAsync();
        await running;

        Assert.Equal(("Stopped", "Stopped by the user."), (_home.Folder().ReadStatus()!.State, _home.Folder().ReadStatus()!.Message));
    }

    private StatusWriter New() => new(_home.Folder(), _states, _metrics, _time);

    private TableProgress Add(int number, string name, long estimate)
    {
        var table = new TableProgress(new QualifiedName("shop", name), new QualifiedName("shop", name), estimate);
        _metrics.Tables[number] = table;
        return table;
    }

    private string[] Samples()
    {
        using var reader = new StreamReader(AtomicFile.Open(_home.Folder().SamplesFile));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
