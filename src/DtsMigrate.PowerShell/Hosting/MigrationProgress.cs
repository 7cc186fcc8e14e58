using System.Globalization;
using System.Management.Automation;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Turns a status into progress records: 0 is the whole, 1 to 4 the busiest tables. Says what is new only.</summary>
internal sealed class MigrationProgress
{
    private const int TableSlots = 4;

    private readonly string _name;
    private readonly HashSet<int> _open = [];

    public MigrationProgress(string name) => _name = name;

    /// <summary>The records for a status.</summary>
    public IEnumerable<ProgressRecord> Show(MigrationStatus status, IReadOnlyList<TableStatus> tables)
    {
        _open.Add(0);
        yield return new ProgressRecord(0, $"Migration {_name}", Describe(status))
        {
            PercentComplete = status.State == nameof(TaskState.FullCopy) && status.Percent is { } percent ? Math.Clamp((int)percent, 0, 100) : -1,
        };
        List<TableStatus> busiest = [.. tables.Where(table => table.State == nameof(TableCopyState.Copying)).OrderByDescending(table => table.RowsPerSecond).Take(TableSlots)];
        for (int slot = 1; slot <= TableSlots; slot++)
        {
            if (slot <= busiest.Count)
            {
                TableStatus table = busiest[slot - 1];
                _open.Add(slot);
                yield return new ProgressRecord(slot, table.Table, $"{Count(table.Rows)} rows, {Count(table.RowsPerSecond)} rows/s")
                {
                    ParentActivityId = 0,
                    PercentComplete = Math.Clamp((int)table.Percent, 0, 100),
                };
            }
            else if (_open.Remove(slot))
            {
                yield return Done(slot);
            }
        }
    }

    /// <summary>The records that take the bars away.</summary>
    public IEnumerable<ProgressRecord> End()
    {
        foreach (int id in _open.OrderDescending().ToList())
        {
            yield return Done(id);
        }

        _open.Clear();
    }

    private static string Describe(MigrationStatus status)
    {
        string text = status.State switch
        {
            nameof(TaskState.FullCopy) =>
                $"FullCopy, {status.TablesDone} of {status.TablesTotal} tables, {Count(status.RowsPerSecond)} rows/s, {status.MegabytesPerSecond.ToString("0.0", CultureInfo.InvariantCulture)} MB/s",
            nameof(TaskState.CatchingUp) or nameof(TaskState.Replicating) =>
                $"{status.State}, {Count(status.ChangesApplied)} changes, {Count(status.ChangesPerSecond)} changes/s, lag {Duration(status.LagSeconds) ?? "unknown"}",
            _ => status.Message.Length > 0 ? $"{status.State}: {status.Message}" : status.State,
        };
        return Duration(status.EtaSeconds) is { } eta ? $"{text}, ETA {eta}" : text;
    }

    private static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string? Duration(double? seconds) => seconds switch
    {
        null => null,
        >= 86400 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 86400)}d {(int)(seconds % 86400 / 3600)}h"),
        >= 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)}h {(int)(seconds % 3600 / 60)}m"),
        >= 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)}m {(int)(seconds % 60)}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#}s"),
    };

    private ProgressRecord Done(int id) => new(id, id == 0 ? $"Migration {_name}" : " ", "Done") { RecordType = ProgressRecordType.Completed };
}
