using System.Globalization;
using DtsMigrate.Engine.Progress;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DtsMigrate.Quickstart;

/// <summary>Shows the migration while it runs: redrawn in place on a terminal, one line every few seconds elsewhere.</summary>
internal sealed class QuickstartView(IAnsiConsole console)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(3);

    private DateTime _lastPlain = DateTime.MinValue;
    private string _lastState = string.Empty;

    /// <summary>Shows what <paramref name="follow"/> reports, until it ends; the last picture stays.</summary>
    public Task ShowWhileAsync(Func<Action<MigrationStatus, IReadOnlyList<TableStatus>, long>, Task> follow) =>
        console.Profile.Capabilities is { Ansi: true, Interactive: true }
            ? console.Live(new Text(string.Empty)).StartAsync(live => follow((status, tables, written) => live.UpdateTarget(Picture(status, tables, written))))
            : follow((status, _, written) => Plain(status, written));

    private void Plain(MigrationStatus status, long written)
    {
        if (DateTime.UtcNow - _lastPlain > PlainInterval || status.State != _lastState)
        {
            _lastPlain = DateTime.UtcNow;
            _lastState = status.State;
            console.WriteLine($"{status.State}: {Copied(status)}; {Applied(status, written)}");
        }
    }

    private static Rows Picture(MigrationStatus status, IReadOnlyList<TableStatus> tables, long written)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Table").AddColumn("State");
        table.AddColumn(new TableColumn("Rows").RightAligned()).AddColumn(new TableColumn("Rows/s").RightAligned()).AddColumn(new TableColumn("Changes").RightAligned());
        foreach (TableStatus row in tables)
        {
            string colour = row.State switch { "Live" => "green", "Copying" => "yellow", "Pending" => "grey", _ => "aqua" };
            table.AddRow(Markup.Escape(row.Table), $"[{colour}]{row.State}[/]", Number(row.Rows), Number(row.RowsPerSecond), Number(row.Changes));
        }

        IRenderable[] lines = [new Markup($"[bold]{status.State}[/]  {Markup.Escape(status.Message)}"), new Text(Copied(status)), new Text(Applied(status, written)), table];
        return new Rows(lines);
    }

    private static string Copied(MigrationStatus status) => string.Create(
        CultureInfo.InvariantCulture, $"{status.Percent ?? 0:0.0} %, {status.RowsCopied:N0} rows ({status.RowsPerSecond:N0}/s, {status.MegabytesPerSecond:0.0} MB/s)");

    private static string Applied(MigrationStatus status, long written) => string.Create(
        CultureInfo.InvariantCulture, $"{status.ChangesApplied:N0} changes applied ({status.ChangesPerSecond:N0}/s), {written:N0} written, lag {(status.LagSeconds is { } lag ? $"{lag:0.0} s" : "unknown")}");

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
