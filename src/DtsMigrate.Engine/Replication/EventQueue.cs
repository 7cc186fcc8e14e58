using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Events on their way from the reader to the applier, bounded by their bytes: the reader waits while more than the limit is queued, so memory
/// holds at most the limit and one event more, however large a transaction is. One reader, one writer.
/// </summary>
internal sealed class EventQueue(long byteLimit)
{
    // What an event costs besides its bytes: objects, so that millions of tiny events are bounded, too.
    private const int EventOverhead = 256;

    private readonly Channel<BinlogEvent> _events = Channel.CreateUnbounded<BinlogEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = false });
    private TaskCompletionSource _room = NewSignal();
    private long _bytes;

    public bool IsEmpty => !_events.Reader.TryPeek(out _);

    /// <summary>Queues an event, first waiting for room.</summary>
    public async ValueTask WriteAsync(BinlogEvent binlogEvent, CancellationToken cancellationToken)
    {
        // The signal is taken before the look, so that one given in between is not missed.
        var room = Volatile.Read(ref _room);
        while (Interlocked.Read(ref _bytes) >= byteLimit)
        {
            await room.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            room = Volatile.Read(ref _room);
        }

        Interlocked.Add(ref _bytes, Cost(binlogEvent));
        // After Complete the queue takes nothing more: the reader side has ended, and with it this writer.
        _events.Writer.TryWrite(binlogEvent);
    }

    /// <summary>Takes the next event if one is queued.</summary>
    public bool TryRead([NotNullWhen(true)] out BinlogEvent? binlogEvent)
    {
        if (!_events.Reader.TryRead(out binlogEvent))
        {
            return false;
        }

        long after = Interlocked.Add(ref _bytes, -Cost(binlogEvent));
        if (after < byteLimit && after + Cost(binlogEvent) >= byteLimit)
        {
            Interlocked.Exchange(ref _room, NewSignal()).TrySetResult();
        }

        return true;
    }

    /// <summary>Waits until an event is queued or the time is over.</summary>
    /// <exception cref="Exception">What <see cref="Complete"/> was given, once the queue is empty.</exception>
    public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = _events.Reader.WaitToReadAsync(stop.Token).AsTask();
        var first = await Task.WhenAny(ready, Task.Delay(limit, time, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == ready)
        {
            await ready.ConfigureAwait(false);
        }
        else
        {
            await ((Task)ready).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>No more events: the reader gets the failure after what is queued.</summary>
    public void Complete(Exception failure) => _events.Writer.TryComplete(failure);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static long Cost(BinlogEvent binlogEvent) => binlogEvent.Header.Length + EventOverhead;
}
