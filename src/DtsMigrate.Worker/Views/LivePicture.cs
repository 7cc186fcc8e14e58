using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DtsMigrate.Worker.Views;

/// <summary>Draws a run: a head with state, speed and time left, the busiest tables, and a line for the stream.</summary>
internal static class LivePicture
{
    /// <summary>Tables shown; a terminal has few lines.</summary>
    public const int TablesShown = 15;

    private const int BarWidth = 24;

    public static IRenderable Draw(RunSnapshot snapshot)
    {
        MigrationStatus status = snapshot.Status;
        var parts = new List<IRenderable> { Head(status) };
        if (snapshot.Tables.Count > 0)
        {
            parts.Add(Tables(snapshot.Tables));
        }

        if (status.Position is not null || status.ChangesApplied > 0)
        {
            parts.Add(new Markup($"[bold]Stream[/]  {Escape(StatusText.Stream(status))}"));
        }

        if (status.Position is { } position)
        {
            parts.Add(new Text(position, new Style(decoration: Decoration.Dim)) { Overflow = Overflow.Ellipsis });
        }

        if (status.Error is { } error)
        {
            parts.Add(new Markup($"[red]{Escape(error)}[/]"));
        }

        return new Rows(parts);
    }

    /// <summary>The tables worth a line: those being copied first, the fastest on top, then those with most changes.</summary>
    public static IEnumerable<TableStatus> Busiest(IReadOnlyList<TableStatus> tables) => tables
        .OrderBy(table => table.State switch
        {
            nameof(TableCopyState.Copying) => 0,
            nameof(TableCopyState.CatchingUp) => 1,
            nameof(TableCopyState.Copied) => 2,
            nameof(TableCopyState.Pending) => 4,
            _ => 3,
        })
        .ThenByDescending(table => table.RowsPerSecond)
        .ThenByDescending(table => table.Changes)
        .ThenByDescending(table => table.RowsEstimate)
        .Take(TablesShown);

    private static Panel Head(MigrationStatus status)
    {
        string state = status.State is nameof(TaskState.Retrying) or nameof(TaskState.Failed) or nameof(TaskState.PrecheckFailed) ? "red" : "green";
        string phase = status.Phase.Length > 0 && status.Phase != status.State ? $" in {Escape(status.Phase)}" : string.Empty;
        var lines = new List<IRenderable> { new Markup($"[{state}]{Escape(status.State)}[/]{phase}  {Escape(status.Message)}") };
        if (status.TablesTotal > 0)
        {
            lines.Add(new Markup(Bar(status.Percent ?? 0) + "  " + Escape(StatusText.Rows(status))));
            lines.Add(new Text(string.Create(
                CultureInfo.InvariantCulture,
                $"{status.RowsPerSecond:N0} rows/s  {status.MegabytesPerSecond:N1} MB/s  tables {status.TablesDone}/{status.TablesTotal}  ETA {(status.EtaSeconds is { } eta ? StatusText.Duration(eta) : "-")}  memory {status.PeakMemoryMb:N0} MB")));
        }

        if (status.ApplyMode is { } mode)
        {
            lines.Add(new Text($"{mode}: {status.ApplyModeReason}"));
        }

        if (status.ThrottleReason is { } slowed)
        {
            lines.Add(new Markup($"[yellow]{Escape(slowed)}[/]"));
        }

        return new Panel(new Rows(lines)).Header($"[bold] {Escape(status.Name)} [/]").Border(BoxBorder.Rounded).Expand();
    }

    private static Rows Tables(IReadOnlyList<TableStatus> tables)
    {
        var picture = new Table().Border(TableBorder.Simple).Expand();
        picture.AddColumn("Table");
        picture.AddColumn("State");
        picture.AddColumn(new TableColumn("Copied").NoWrap());
        foreach (string name in new[] { "Rows", "Rows/s", "Changes" })
        {
            picture.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        }

        foreach (TableStatus table in Busiest(tables))
        {
            picture.AddRow(
                new Text(table.Table) { Overflow = Overflow.Ellipsis },
                new Text(table.State),
                new Markup(Bar(table.Percent)),
                new Text(table.Rows.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(table.RowsPerSecond.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(table.Changes.ToString("N0", CultureInfo.InvariantCulture)));
        }

        int hidden = tables.Count - TablesShown;
        return hidden > 0 ? new Rows(picture, new Text(string.Create(CultureInfo.InvariantCulture, $"and {hidden:N0} tables more"))) : new Rows(picture);
    }

    private static string Bar(double percent)
    {
        int full = (int)(BarWidth * Math.Clamp(percent, 0, 100) / 100);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] {percent.ToString("0.0", CultureInfo.InvariantCulture),5} %";
    }

    private static string Escape(string text) => Markup.Escape(text);
}
