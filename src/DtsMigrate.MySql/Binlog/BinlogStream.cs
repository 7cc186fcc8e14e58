using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog;

/// <summary>The binary log of a source, event by event, checksums verified.</summary>
/// <remarks>
/// Memory is bounded by the largest single event; compressed transactions are decompressed as their bytes come, event by event. After any exception the stream is of no use: dispose it and open another one from the
/// last position that was taken over.
/// </remarks>
public sealed class BinlogStream : IAsyncDisposable
{
    private const int SilentPeriods = 3;
    private const byte EventHeader = 0x00;

    /// <summary>The source may search many files for the start before it sends anything, heartbeats included.</summary>
    private static readonly TimeSpan FirstLimit = TimeSpan.FromSeconds(60);

    private readonly MySqlSession _session;
    private readonly BinlogEventParser _parser;
    private readonly BinlogCoordinate? _dropUpTo;
    private readonly BinlogStreamOptions.ReadOnlySpanAction? _tap;
    private BinlogEvent? _first;
    private bool _failed;
    private bool _tryInner;
    private bool _dropsPayload;
    private int _pieceTaken;

    private BinlogStream(MySqlSession session, BinlogStreamOptions options)
    {
        _session = session;
        _tap = options.Tap;
        _parser = new BinlogEventParser(checksum: true);
        session.Wire.Input.WantsPieces = static start => start.Span[0] == EventHeader && BinlogEventParser.IsPayload(start.Span[1..]);
        if (options.From is { Offset: > uint.MaxValue } beyond)
        {
            _dropUpTo = beyond;
            _parser.SetStart(new BinlogCoordinate(beyond.File, BinlogDumpCommand.FirstOffset));
        }
        else if (options.From is { } from)
        {
            _parser.SetStart(from);
        }
    }

    private PacketInput Input => _session.Wire.Input;

    private Transport Transport => _session.Wire.Transport;

    /// <summary>Starts a dump on a fresh session, which the stream then owns, also when this fails.</summary>
    /// <exception cref="MySqlServerException">1236: the source no longer has what is asked for, or the position is wrong.</exception>
    /// <exception cref="ArgumentException">Not exactly one start is given, or the heartbeat period is not positive.</exception>
    public static async Task<BinlogStream> OpenAsync(MySqlSession session, BinlogStreamOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        Check(options);
        var stream = new BinlogStream(session, options);
        try
        {
            await new BinlogDump(session, options).StartAsync(cancellationToken).ConfigureAwait(false);

            // The first packet is an artificial ROTATE, or the refusal.
            var silence = options.HeartbeatPeriod * SilentPeriods;
            session.Wire.Transport.ReadLimit = silence > FirstLimit ? silence : FirstLimit;
            stream._first = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
            session.Wire.Transport.ReadLimit = silence;
            return stream;
        }
        catch (Exception fault) when (cancellationToken.IsCancellationRequested && fault is not OperationCanceledException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new OperationCanceledException("Opening the binlog stream was cancelled.", fault, cancellationToken);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for the next event; completes synchronously while events are buffered. Heartbeats are returned, too.</summary>
    /// <exception cref="MySqlConnectionException">Connection lost, or silent for three heartbeat periods.</exception>
    /// <exception cref="MySqlProtocolException">Wrong checksum, malformed event, or an event of unknown type that is not marked ignorable.</exception>
    /// <exception cref="MySqlServerException">The source ended the dump, for example because another replica has the same server_id.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public ValueTask<BinlogEvent> ReadAsync(CancellationToken cancellationToken)
    {
        if (_first is { } first)
        {
            _first = null;
            return new ValueTask<BinlogEvent>(first);
        }

        if (_failed || cancellationToken.IsCancellationRequested)
        {
            return ReadSlowAsync(cancellationToken);
        }

        try
        {
            while (_tryInner || Input.TryReadBuffered())
            {
                if (Take() is { } next)
                {
                    return new ValueTask<BinlogEvent>(next);
                }
            }

            return ReadSlowAsync(cancellationToken);
        }
        catch
        {
            Fail();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Fail();
        _parser.Dispose();
        return _session.DisposeAsync();
    }

    private static void Check(BinlogStreamOptions options)
    {
        if ((options.After is null) == (options.From is null))
        {
            throw new ArgumentException("Exactly one of After and From must be set.", nameof(options));
        }

        if (options.HeartbeatPeriod < TimeSpan.FromMilliseconds(1))
        {
            throw new ArgumentException("The heartbeat period must be at least a millisecond.", nameof(options));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BinlogEvent> ReadSlowAsync(CancellationToken cancellationToken)
    {
        if (_failed)
        {
            throw Transport.Describe(null);
        }

        using var abort = cancellationToken.UnsafeRegister(static state => ((Transport)state!).Abort(AbortReason.Cancelled), Transport);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!_tryInner)
                {
                    await Input.ReadAsync().ConfigureAwait(false);
                }

                if (Take() is { } next)
                {
                    return next;
                }
            }
        }
        catch (MySqlConnectionException fault) when (cancellationToken.IsCancellationRequested)
        {
            Fail();
            throw new OperationCanceledException("Reading the binlog was cancelled.", fault, cancellationToken);
        }
        catch
        {
            Fail();
            throw;
        }
    }

    /// <summary>The event in the packet just read; null when it lies before the start.</summary>
    private BinlogEvent? Take()
    {
        var payload = Input.Payload;
        if (_parser.IsInPayload)
        {
            if (_pieceTaken == 0 && !_dropsPayload)
            {
                _tap?.Invoke(payload);
            }

            return TakeInner(payload);
        }

        if (payload.IsEmpty)
        {
            throw new MySqlProtocolException("An empty packet came where a binlog event is due.");
        }

        if (payload[0] == EventHeader)
        {
            if (BinlogEventParser.IsPayload(payload[1..]))
            {
                _parser.BeginPayload(payload[1..]);
                _pieceTaken = 1 + BinlogEventParser.HeaderLength;
                _dropsPayload = IsBeforeStart(_parser.PayloadEnd);
                Tap(payload[1..], _dropsPayload);
                return TakeInner(payload);
            }

            var next = _parser.Parse(payload[1..]);
            bool drops = next is not (RotateEvent or FormatDescriptionEvent or HeartbeatEvent) && IsBeforeStart(next.End);
            Tap(payload[1..], drops);
            return drops ? null : next;
        }

        if (ErrPayload.Is(payload))
        {
            throw ErrPayload.Parse(payload).ToException();
        }

        throw EofPayload.Is(payload)
            ? new MySqlConnectionException("ConnectionLost", $"{Transport.Endpoint} ended the binlog dump.")
            : new MySqlProtocolException($"A packet of a binlog dump starts with 0x{payload[0]:X2}.");
    }

    /// <summary>The next event of a compressed transaction; null when the piece of it that has come is used up, or the event lies before the start.</summary>
    private BinlogEvent? TakeInner(ReadOnlySpan<byte> piece)
    {
        var rest = piece[_pieceTaken..];
        var next = _parser.ReadPayload(ref rest, isLast: !Input.IsPartial);
        _tryInner = next is not null;
        _pieceTaken = next is null ? 0 : piece.Length - rest.Length;
        return _dropsPayload ? null : next;
    }

    private void Tap(ReadOnlySpan<byte> bytes, bool drops)
    {
        if (!drops)
        {
            _tap?.Invoke(bytes);
        }
    }

    private bool IsBeforeStart(BinlogCoordinate end) => _dropUpTo is { } start && end.File == start.File && end.Offset <= start.Offset;

    private void Fail()
    {
        _failed = true;
        Transport.Abort(AbortReason.Closed);
    }
}
