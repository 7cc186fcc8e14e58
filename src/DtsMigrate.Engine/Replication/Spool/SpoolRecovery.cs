using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.Spool;

/// <summary>
/// What an earlier run has left in the spool's folder: segments without a gap, up to the last transaction that is surely whole. What is behind a gap, damaged or incomplete goes. Segments but the
/// last were on the disk before the next was begun; a reader checks their events as it reads.
/// </summary>
internal static class SpoolRecovery
{
    /// <summary>Reads the folder and cuts off what cannot be used.</summary>
    /// <returns>The segments, and all transactions that they and what is before them hold; null when there are none.</returns>
    public static async Task<(List<SpoolSegment> Segments, GtidSet? Covered)> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var segments = new List<SpoolSegment>();
        bool usable = true;
        foreach (long number in Directory.EnumerateFiles(folder).Select(SpoolSegment.NumberOf).OfType<long>().Order().ToList())
        {
            string path = SpoolSegment.PathOf(folder, number);
            usable = usable && (segments.Count == 0 || number == segments[^1].Number + 1);
            if (usable && ReadHead(path, number) is { } segment)
            {
                segments.Add(segment);
            }
            else
            {
                usable = false;
                File.Delete(path);
            }
        }

        return (segments, segments.Count == 0 ? null : await ReadLastAsync(segments[^1], cancellationToken).ConfigureAwait(false));
    }

    private static SpoolSegment? ReadHead(string path, long number)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        return SpoolSegment.ReadHead(file) is { } before ? new SpoolSegment(path, number, before) { Published = file.Length, IsFinished = true } : null;
    }

    private static async Task<GtidSet> ReadLastAsync(SpoolSegment segment, CancellationToken cancellationToken)
    {
        var file = new FileStream(segment.Path, FileMode.Open, FileAccess.ReadWrite);
        await using var scope = file.ConfigureAwait(false);
        SpoolSegment.ReadHead(file);
        long good = file.Position;
        var covered = segment.Before;
        Gtid? open = null;
        using var reader = new BinlogFileReader(file);
        try
        {
            while (await reader.ReadAsync(segment.Published, cancellationToken).ConfigureAwait(false) is { } next)
            {
                // These come between transactions: the one before has ended.
                if (next is GtidEvent or HeartbeatEvent or RotateEvent)
                {
                    covered = open is { } ended ? covered.With(ended) : covered;
                    open = (next as GtidEvent)?.Gtid;
                    good = open is null ? reader.Position : reader.Start;
                }
                else if (open is null)
                {
                    good = reader.Position;
                }
            }
        }
        catch (MySqlProtocolException)
        {
            // Damaged: what is before it stands.
        }

        if (good < file.Length)
        {
            file.SetLength(good);
            file.Flush(flushToDisk: true);
            segment.Published = good;
        }

        return covered;
    }
}
