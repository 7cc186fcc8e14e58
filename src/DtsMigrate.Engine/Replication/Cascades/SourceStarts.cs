using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>
/// Tells, once for each time, that a source that does not log cascades was started again while the task follows it: InnoDB may then have left cascades out itself. MySQL 9.7.4 does where the first
/// sessions after the start open parent and child at the same time. Its children are left without parents, and those of the destination are changed as the foreign keys ask.
/// </summary>
internal sealed class SourceStarts(RunContext context)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private FormatDescriptionEvent? _first;

    /// <summary>Takes an event of the stream, before it is applied.</summary>
    /// <param name="read">The event.</param>
    /// <param name="begin">Where the pass began to read: a start of the server before it is none of the task's.</param>
    /// <param name="catalog">Tables.</param>
    public void Take(BinlogEvent read, SourcePosition begin, TableCatalog catalog)
    {
        if (read is FormatDescriptionEvent description)
        {
            _first = description.FollowsServerStart ? description : null;
        }
        else if (read is PreviousGtidsEvent before && _first is { } first)
        {
            _first = null;
            bool isNew = begin.Gtids is not { } gtids || before.Gtids.Contains(gtids);
            if (isNew && !context.SourceFacts.LogsCascades && catalog.Graph.Links.Count > 0 && _told.Add(first.End.File))
            {
                var children = catalog.Graph.Links.Select(l => l.Child).Distinct().Select(catalog.Graph.NameOf);
                context.Log.Write(
                    LogLevel.Warning,
                    "Incremental",
                    $"The source was started again: {first.End.File} is its first binary log since. It does not log what its foreign keys change, and a server may leave such changes out itself in the moments after its start (seen with MySQL 9.7.4): "
                        + $"rows are then left without their parents there, and not here. Compare these tables before the cutover: {string.Join(", ", children)}.");
            }
        }
    }
}
