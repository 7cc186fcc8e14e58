using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.Spool;

/// <summary>
/// A copy of the source's binary log in files of the task folder, ahead of the applier: what is in it the source may purge. One writer, any number of readers one after the other; bounded by
/// bytes; what is no longer needed is deleted.
/// </summary>
internal sealed class BinlogSpool
{
    private const long LargestSegment = 64L << 20;
    private const int SegmentsOfLimit = 4;
    private const int WriteBytes = 256 << 10;
    private static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(5);

    private readonly RunContext _context;
    private readonly string _folder;
    private readonly long _limit;
    private readonly long _segmentBytes;
    private readonly Lock _lock = new();
    private readonly List<SpoolSegment> _segments;
    private TaskCompletionSource _changed = NewSignal();
    private SourcePosition _covered;
    private bool _isFull;
    private long _lastNumber;

    private BinlogSpool(RunContext context, string folder, long limit, List<SpoolSegment> segments, SourcePosition covered)
    {
        _context = context;
        _folder = folder;
        _limit = limit;
        _segmentBytes = Math.Min(LargestSegment, limit / SegmentsOfLimit);
        _segments = segments;
        _covered = covered;
        _lastNumber = segments.Count > 0 ? segments[^1].Number : 0;
    }

    /// <summary>Opens the spool of an earlier run, or an empty one that begins at the position where that is of no use.</summary>
    public static async Task<BinlogSpool> OpenAsync(RunContext context, string folder, long limit, SourcePosition needed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var (segments, covered) = await SpoolRecovery.RunAsync(folder, cancellationToken).ConfigureAwait(false);
        if (covered is null || needed.Covers(covered) || !segments.Exists(s => needed.Covers(s.Before)))
        {
            segments.ForEach(static s => File.Delete(s.Path));
            segments.Clear();
            covered = needed;
        }

        return new BinlogSpool(context, folder, limit, segments, covered);
    }

    /// <summary>The position that the source has to be able to go on from for a stream that begins at <paramref name="start"/>: what the spool holds it need not have.</summary>
    public SourcePosition NeededOfSource(SourcePosition start)
    {
        lock (_lock)
        {
            return FindNeedsLock(start) is not null ? PositionMath.Later(start, _covered) : start;
        }
    }

    /// <summary>Deletes what nobody needs any more.</summary>
    /// <param name="needed">Everything at or before it has been done with.</param>
    public void Release(SourcePosition needed)
    {
        lock (_lock)
        {
            while (_segments.Count > 1 && needed.Covers(_segments[1].Before))
            {
                DeleteFirstNeedsLock();
            }

            if (_isFull && needed.Covers(_covered))
            {
                // The stream has overtaken the full spool: it begins anew where the stream is.
                while (_segments.Count > 0)
                {
                    DeleteFirstNeedsLock();
                }

                _covered = needed;
            }

            _isFull = _isFull && BytesNeedsLock() > _limit / 2;
        }

        Signal();
    }

    /// <summary>Forgets a damaged segment and those behind it: their transactions are read from the source again.</summary>
    public void Discard(SpoolSegment segment)
    {
        lock (_lock)
        {
            int at = _segments.IndexOf(segment);
            while (at >= 0 && _segments.Count > at)
            {
                File.Delete(_segments[^1].Path);
                _segments.RemoveAt(_segments.Count - 1);
            }
        }
    }

    /// <summary>Reads on from a position, and waits for more; ends where the spool cannot go on: it does not reach back so far, or is full.</summary>
    /// <param name="after">Transactions that are left out.</param>
    /// <param name="onReached">Told the position that is reached when it ends.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MySqlConnectionException">Code <c>SpoolDamaged</c> (transient): a segment cannot be read; it is discarded.</exception>
    public async IAsyncEnumerable<BinlogEvent> ReadAsync(SourcePosition after, Action<SourcePosition> onReached, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SpoolSegment? segment;
        lock (_lock)
        {
            segment = FindNeedsLock(after);
        }

        var reached = after;
        while (segment is not null)
        {
            var seen = new SpoolProgress(segment.Before);
            var file = new FileStream(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
            await using var fileScope = file.ConfigureAwait(false);
            SpoolSegment.ReadHead(file);
            using var reader = new BinlogFileReader(file, segment.Before.Coordinate);
            bool skips = false;
            SpoolSegment? next = null;
            while (next is null)
            {
                var changed = Volatile.Read(ref _changed);
                bool finished = segment.IsFinished;
                long published = segment.Published;
                BinlogEvent? read;
                try
                {
                    read = await reader.ReadAsync(published, cancellationToken).ConfigureAwait(false);
                }
                catch (MySqlProtocolException damage)
                {
                    throw Damaged(segment, damage);
                }
                catch (EndOfStreamException torn)
                {
                    throw Interrupted(torn);
                }

                if (read is not null)
                {
                    if (seen.Take(read) || read is FormatDescriptionEvent or PreviousGtidsEvent)
                    {
                        skips = read is GtidEvent begin && after.Covers(begin.Gtid, begin.End);
                    }

                    if (!skips)
                    {
                        yield return read;
                    }

                    continue;
                }

                if (!finished)
                {
                    await changed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (reader.Position > segment.Published)
                {
                    throw Interrupted(null); // the end of a transaction did not come, and its beginning was taken back
                }

                seen.End();
                reached = PositionMath.Later(after, seen.Covered);
                bool ends;
                lock (_lock)
                {
                    next = _segments.Find(s => s.Number == segment.Number + 1);
                    ends = next is null && (_isFull || _lastNumber > segment.Number);
                }

                if (ends)
                {
                    onReached(reached);
                    yield break;
                }

                if (next is null)
                {
                    await changed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (!seen.Covered.Covers(next.Before))
                {
                    throw Damaged(segment, null);
                }
            }

            segment = next;
        }

        onReached(reached);
    }

    /// <summary>Writes what the source sends until cancelled; while the spool is full it waits.</summary>
    public async Task WriteAsync(Faults.RetryScope scope, CancellationToken cancellationToken)
    {
        while (true)
        {
            await WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await WriteSegmentAsync(scope, cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException failure) when (UnreadableLog.Is(failure))
            {
                await UnreadableLog.FailAsync(_context, Covered, failure, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private SourcePosition Covered
    {
        get
        {
            lock (_lock)
            {
                return _covered;
            }
        }

        set
        {
            lock (_lock)
            {
                _covered = value;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed);
            lock (_lock)
            {
                if (!_isFull)
                {
                    return;
                }
            }

            await changed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // One dump, one segment: each begins with what a reader needs to understand the rest.
    private async Task WriteSegmentAsync(Faults.RetryScope scope, CancellationToken cancellationToken)
    {
        // What a read that is under way brings, and what was taken: a read may go on while what was taken is written.
        using var incoming = new MemoryStream();
        using var taken = new MemoryStream();
        var before = Covered;
        var options = new BinlogStreamOptions
        {
            After = before.Gtids,
            From = before.Coordinate,
            ServerId = ReplicaServerId.Of(_context),
            HeartbeatPeriod = HeartbeatPeriod,
            Tap = bytes => incoming.Write(bytes),
        };
        var session = await _context.Source.OpenAsync(SessionPurpose.Binlog, cancellationToken).ConfigureAwait(false);
        var stream = await BinlogStream.OpenAsync(session, options, _context.Time, cancellationToken).ConfigureAwait(false);
        await using var streamScope = stream.ConfigureAwait(false);
        SpoolSegment segment = new(SpoolSegment.PathOf(_folder, _lastNumber + 1), _lastNumber + 1, before);
        var file = new FileStream(segment.Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        await using var fileScope = file.ConfigureAwait(false);
        SpoolSegment.WriteHead(file, before);
        file.Flush(flushToDisk: true);
        segment.Published = file.Position;
        lock (_lock)
        {
            _segments.Add(segment);
            _lastNumber = segment.Number;
        }

        var progress = new SpoolProgress(before);
        long openAt = 0;
        long synced = _context.Time.GetTimestamp();
        try
        {
            while (true)
            {
                var reading = stream.ReadAsync(cancellationToken);
                if (!reading.IsCompleted || taken.Length >= WriteBytes)
                {
                    Publish(segment, file, taken);
                    if (_context.Time.GetElapsedTime(synced) >= SyncPeriod)
                    {
                        file.Flush(flushToDisk: true);
                        synced = _context.Time.GetTimestamp();
                    }
                }

                var next = await reading.ConfigureAwait(false);
                scope.ReportProgress();
                if (progress.Take(next))
                {
                    Covered = progress.Covered;
                    openAt = file.Position + taken.Length;
                    if (progress.IsOpen && MustEnd(openAt))
                    {
                        return; // without the event that has just come: the next dump begins with it
                    }
                }

                taken.Write(incoming.GetBuffer(), 0, (int)incoming.Length);
                incoming.SetLength(0);
                next.Release();
            }
        }
        finally
        {
            Publish(segment, file, taken);
            if (progress.IsOpen)
            {
                // Whether that transaction has come to its end is not known: the next dump sends it again, from its beginning.
                file.SetLength(openAt);
                segment.Published = openAt;
            }

            file.Flush(flushToDisk: true);
            segment.IsFinished = true;
            Signal();
        }
    }

    private bool MustEnd(long segmentBytes)
    {
        lock (_lock)
        {
            _isFull = BytesNeedsLock() >= _limit;
            return _isFull || segmentBytes >= _segmentBytes;
        }
    }

    private void Publish(SpoolSegment segment, FileStream file, MemoryStream taken)
    {
        if (taken.Length > 0)
        {
            file.Write(taken.GetBuffer(), 0, (int)taken.Length);
            taken.SetLength(0);
            segment.Published = file.Position;
            Signal();
        }
    }

    private static MySqlConnectionException Interrupted(Exception? cause) =>
        new("SpoolInterrupted", "The source's binary log was cut off in the middle of a transaction; it is read again.", cause);

    private MySqlConnectionException Damaged(SpoolSegment segment, Exception? cause)
    {
        Discard(segment);
        return new MySqlConnectionException("SpoolDamaged", $"Segment {segment.Number} of the binary log spool is damaged; its transactions are read from the source again.", cause);
    }

    private SpoolSegment? FindNeedsLock(SourcePosition after) => _segments.FindLast(s => after.Covers(s.Before));

    private long BytesNeedsLock() => _segments.Sum(static s => s.Published);

    private void DeleteFirstNeedsLock()
    {
        File.Delete(_segments[0].Path);
        _segments.RemoveAt(0);
    }

    private void Signal() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
}
