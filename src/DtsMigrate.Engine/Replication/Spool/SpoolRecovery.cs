using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.Spool;

/// <summary>
/// What an earlier run has left in the spool's folder: segments without a gap, up to the last transaction that is surely whole. What is behind a gap, damaged or incomplete goes. Segments but the
/// last were on the disk before the next was begun; a reader checks their events as it reads.
/// </summary>
internal static class SpoolRecovery
{
    /// <summary>Reads the folder and cuts off what cannot be used.</summary>
    /// <returns>The segments, and the position that they reach to; null when there are none.</returns>
    public static async Task<(List<SpoolSegment> Segments, SourcePosition? Covered)> RunAsync(string folder, CancellationToken cancellationToken)
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

    private static async Task<SourcePosition> ReadLastAsync(SpoolSegment segment, CancellationToken cancellationToken)
    {
        var file = new FileStream(segment.Path, FileMode.Open, FileAccess.ReadWrite);
        await using var scope = file.ConfigureAwait(false);
        SpoolSegment.ReadHead(file);
        long good = file.Position;
        var progress = new SpoolProgress(segment.Before);
        using var reader = new BinlogFileReader(file, segment.Before.Coordinate);
        try
        {
            while (await reader.ReadAsync(segment.Published, cancellationToken).ConfigureAwait(false) is { } next)
            {
                if (progress.Take(next) && progress.IsOpen)
                {
                    good = reader.Start; // the transaction before has ended; this one may be cut off
                }
                else if (!progress.IsOpen)
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

        return progress.Covered;
    }
}
