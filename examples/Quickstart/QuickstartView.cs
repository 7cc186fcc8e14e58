using System.Globalization;
using DtsMigrate.Engine.Progress;
using Spectre.Console;

namespace DtsMigrate.Quickstart;

/// <summary>Shows the migration while it runs: redrawn in place on a terminal, one line every few seconds elsewhere.</summary>
internal sealed class QuickstartView(IAnsiConsole console)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(3);

    private readonly bool _redraws = console.Profile.Capabilities is { Ansi: true, Interactive: true };
    private DateTime _lastPlain = DateTime.MinValue;
    private string _lastState = string.Empty;
    private int _lines;

    /// <summary>Shows a status.</summary>
    public void Show(MigrationStatus status, IReadOnlyList<TableStatus> tables, long written)
    {
        if (_redraws)
        {
            Redraw(status, tables, written);
        }
        else if (DateTime.UtcNow - _lastPlain > PlainInterval || status.State != _lastState)
        {
            _lastPlain = DateTime.UtcNow;
            _lastState = status.State;
            console.WriteLine(Headline(status, written));
        }
    }

    /// <summary>Leaves the last picture standing.</summary>
    public void End() => _lines = 0;

    private static string Headline(MigrationStatus status, long written) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status.State,-12} {status.Percent ?? 0,5:0.0} %  {status.RowsCopied:N0} rows ({status.RowsPerSecond:N0}/s, {status.MegabytesPerSecond:0.0} MB/s)  {status.ChangesApplied:N0} of {written:N0} changes ({status.ChangesPerSecond:N0}/s)  lag {(status.LagSeconds is { } lag ? $"{lag:0.0} s" : "-")}");

    private void Redraw(MigrationStatus status, IReadOnlyList<TableStatus> tables, long written)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(Headline(status, written)));
        table.AddColumn("Table").AddColumn("State");
        table.AddColumn(new TableColumn("Rows").RightAligned()).AddColumn(new TableColumn("Rows/s").RightAligned()).AddColumn(new TableColumn("Changes").RightAligned());
        foreach (TableStatus row in tables)
        {
            string colour = row.State switch { "Live" => "green", "Copying" => "yellow", "Pending" => "grey", _ => "aqua" };
            table.AddRow(Markup.Escape(row.Table), $"[{colour}]{row.State}[/]", Number(row.Rows), Number(row.RowsPerSecond), Number(row.Changes));
        }

        if (_lines > 0)
        {
            console.Cursor.MoveUp(_lines);
        }

        console.Write(table);
        _lines = tables.Count + 5;
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
