using System.Text.Json;
using System.Xml.Linq;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Report;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Report;

public sealed class ReportTests : IDisposable
{
    private const string Nasty = "<script>alert('x')</script> & \"y\" | z";

    private readonly TemporaryHome _home = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_task_that_was_never_started_has_a_report()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);

        ReportData data = ReportReader.Read(folder, _time);

        Assert.Empty(data.Timeline);
        Assert.Empty(data.Samples);
        Assert.Contains("never started", HtmlReport.Write(data), StringComparison.Ordinal);
    }

    [Fact]
    public void The_timeline_is_that_of_the_log()
    {
        TaskFolder folder = Story();

        IReadOnlyList<ReportSpan> timeline = ReportReader.Read(folder, _time).Timeline;

        Assert.Equal("DDL carried out: ALTER TABLE t ADD c INT", Assert.Single(ReportReader.Read(folder, _time).Ddl).Message);
        Assert.Equal(["Prechecking", "Starting", "FullCopy", "CatchingUp"], timeline.Select(span => span.State));
        Assert.Equal([10, 10, 10], timeline.Take(3).Select(span => span.Seconds));
    }

    [Fact]
    public void The_html_is_well_formed_and_takes_no_text_for_markup()
    {
        string html = HtmlReport.Write(ReportReader.Read(Story(), _time));

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html.Replace("http-equiv", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        int body = html.IndexOf("<main>", StringComparison.Ordinal);
        string main = html[body..(html.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)].Replace("<br>", "<br/>", StringComparison.Ordinal);
        XElement parsed = XElement.Parse(main);
        Assert.Equal(3, parsed.Descendants("svg").Count());
        Assert.Contains("because", parsed.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_markdown_keeps_its_tables_whole()
    {
        string text = MarkdownReport.Write(ReportReader.Read(Story(), _time));

        foreach (string line in text.Split('\n').Where(line => line.StartsWith("| Warning |", StringComparison.Ordinal) || line.Contains("alert", StringComparison.Ordinal)))
        {
            Assert.EndsWith(" |", line, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_json_is_read_again()
    {
        using JsonDocument json = JsonDocument.Parse(JsonReport.Write(ReportReader.Read(Story(), _time)));

        Assert.Equal("shop", json.RootElement.GetProperty("status").GetProperty("name").GetString());
        Assert.Equal("Approved", json.RootElement.GetProperty("precheck").GetProperty("results")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public void A_week_of_samples_becomes_a_bounded_number_of_points_that_keep_the_worst_lag()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        using (var writer = new StreamWriter(folder.SamplesFile))
        {
            for (int i = 0; i < 5000; i++)
            {
                writer.WriteLine(JsonSerializer.Serialize(new StatusSample(_time.GetUtcNow().AddSeconds(i), "Replicating", i, 10, 1, i, 5, i == 2500 ? 99 : 1), TaskJson.Options));
            }

            writer.Write("{\"time\":");
        }

        IReadOnlyList<StatusSample> samples = SampleReader.Read(folder);

        Assert.InRange(samples.Count, 300, 362);
        Assert.Equal(99, samples.Max(sample => sample.LagSeconds));
        Assert.All(samples, sample => Assert.Equal(10, sample.RowsPerSecond));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1.1, 2)]
    [InlineData(33_000, 40_000)]
    [InlineData(81, 100)]
    public void An_axis_ends_at_a_round_number(double value, double top) => Assert.Equal(top, SvgChart.Nice(value), 6);

    [Fact]
    public void A_report_is_written_into_a_folder_and_not_over_another()
    {
        TaskFolder folder = Story();

        string file = ReportWriter.Write(folder, _home.Home.FullPath, ReportFormat.Html, overwrite: false, _time);

        Assert.Equal("shop-report.html", Path.GetFileName(file));
        Assert.Equal("FileExists", Assert.Throws<DtsMigrateException>(() => ReportWriter.Write(folder, file, ReportFormat.Json, overwrite: false, _time)).Code);
        ReportWriter.Write(folder, file, ReportFormat.Json, overwrite: true, _time);
        Assert.StartsWith("{", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private TaskFolder Story()
    {
        TaskFolder folder = _home.Home.Create(Definitions.Task);
        var warning = new PrecheckResult { Task = "shop", Check = "BinlogRetention", Category = "BinaryLog", Outcome = "Warning", Target = "source", Message = Nasty };
        folder.WritePrecheck(new PrecheckRecord(_time.GetUtcNow(), [warning]));
        new PrecheckApprovals(folder, _time).Approve(warning, "because");
        using (var log = new RunLog(folder, _time))
        {
            var states = new TaskStateMachine(folder, log, _time);
            var metrics = new RunMetrics { LagSeconds = 3 };
            metrics.Tables[1] = new TableProgress(new QualifiedName("a", "b<c"), new QualifiedName("a", "d"), 10);
            using var writer = new StatusWriter(folder, states, metrics, _time);
            foreach (TaskState state in new[] { TaskState.Prechecking, TaskState.Ready, TaskState.Starting, TaskState.FullCopy, TaskState.CatchingUp }.Where(state => state != TaskState.Ready))
            {
                if (state == TaskState.Starting)
                {
                    states.TryTransition(TaskState.Ready, "passed");
                    states.TryTransition(TaskState.Starting, "go");
                }
                else
                {
                    states.TryTransition(state, Nasty);
                }

                _time.Advance(TimeSpan.FromSeconds(10));
                writer.Write();
            }

            log.Write(LogLevel.Warning, "Retry", Nasty);
            log.Write(LogLevel.Info, "Incremental", "DDL carried out: ALTER TABLE t ADD c INT");
        }

        // Ready lasts for no time; it is left to the reader of the table.
        string text = File.ReadAllText(folder.EventsFile);
        File.WriteAllText(folder.EventsFile, string.Join('\n', text.Split('\n').Where(line => !line.Contains("to Ready", StringComparison.Ordinal))));
        return folder;
    }
}
