using System.Buffers.Binary;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Events.Parsing;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog;

/// <summary>
/// Reads binary log events from bytes that were kept as the source sent them, beginning with a ROTATE that names the file, or with a FORMAT_DESCRIPTION. Checksums are verified. Memory is bounded by
/// the largest event.
/// </summary>
public sealed class BinlogFileReader : IDisposable
{
    private const int LargestEvent = 1 << 30;
    private const int LengthAt = 9;
    private const int EndAt = 13;
    private const int TypeAt = 4;

    private readonly Stream _stream;
    private readonly BinlogEventParser _parser = new(checksum: true);
    private readonly BinlogCoordinate? _whole;
    private byte[] _event = new byte[64 << 10];
    private int _innerAt;
    private int _length;
    private uint _end;

    /// <summary>Creates a reader.</summary>
    /// <param name="stream">Stands where the first event begins. Stays the caller's.</param>
    /// <param name="whole">
    /// Where in the source's log the events begin, when they were kept from a dump by coordinate, which leaves nothing out: then a missing transaction is noticed, too, and
    /// offsets above 4 GiB are known though events have 32 bits of them only. Null for a dump by GTID set.
    /// </param>
    public BinlogFileReader(Stream stream, BinlogCoordinate? whole = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _whole = whole;
    }

    /// <summary>Place in the stream behind the last event that was read.</summary>
    public long Position { get; private set; }

    /// <summary>Place in the stream where the last event that was read begins.</summary>
    public long Start { get; private set; }

    /// <summary>Reads the next event; events of a compressed transaction come one by one, and have its place.</summary>
    /// <param name="limit">Place in the stream that is not read beyond: what follows is not there yet.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null when no whole event is left before the limit.</returns>
    /// <exception cref="MySqlProtocolException">Damaged: the reader must not be used further.</exception>
    public async ValueTask<BinlogEvent?> ReadAsync(long limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_parser.IsInPayload && ReadInner() is { } inner)
            {
                return inner;
            }

            Position = Position == 0 ? _stream.Position : Position;
            if (limit - Position < BinlogEventParser.HeaderLength)
            {
                return null;
            }

            _stream.Position = Position;
            await _stream.ReadExactlyAsync(_event.AsMemory(0, BinlogEventParser.HeaderLength), cancellationToken).ConfigureAwait(false);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(_event.AsSpan(LengthAt));
            if (length is < BinlogEventParser.HeaderLength or > LargestEvent)
            {
                throw new MySqlProtocolException($"An event of {length} bytes at {Position} of a kept binary log.");
            }

            if (limit - Position < length)
            {
                return null;
            }

            _length = (int)length;
            if (_event.Length < _length)
            {
                Array.Resize(ref _event, Math.Max(_length, (int)Math.Min(2L * _event.Length, LargestEvent)));
            }

            await _stream.ReadExactlyAsync(_event.AsMemory(BinlogEventParser.HeaderLength, _length - BinlogEventParser.HeaderLength), cancellationToken).ConfigureAwait(false);
            Start = Position;
            Position += _length;
            RequireNothingMissing();
            if (!BinlogEventParser.IsPayload(_event.AsSpan(0, _length)))
            {
                var next = _parser.Parse(_event.AsSpan(0, _length));
                Follow(next);
                return next;
            }

            _parser.BeginPayload(_event.AsSpan(0, _length));
            _innerAt = BinlogEventParser.HeaderLength;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parser.Dispose();

    // A transaction's events follow each other in the source's file without a gap; where one begins, a dump by GTID set may have left others out.
    private void RequireNothingMissing()
    {
        uint end = BinaryPrimitives.ReadUInt32LittleEndian(_event.AsSpan(EndAt));
        byte type = _event[TypeAt];
        bool isMadeUp = type is EventType.Heartbeat or EventType.HeartbeatV2 || (end == 0 && (type is EventType.Rotate or EventType.FormatDescription));
        bool mayFollowGap = isMadeUp || (_whole is null && EventType.IsOutsideTransactions(type));
        if (!mayFollowGap && unchecked(_end + (uint)_length) != end)
        {
            throw new MySqlProtocolException($"Events are missing before the one at {Start} of a kept binary log: it ends at {end} of the source's file, and {unchecked(_end + (uint)_length)} was due.");
        }

        _end = end == 0 ? _end : end;
    }

    // What a dump by coordinate sends first says where the rest begins; beyond 32 bits it is only known to who has asked for it.
    private void Follow(BinlogEvent next)
    {
        if (_whole is not { } start)
        {
            return;
        }

        if (next is RotateEvent rotate)
        {
            _end = unchecked((uint)rotate.Next.Offset);
        }
        else if (next is FormatDescriptionEvent && next.End.File == start.File && next.End < start)
        {
            _parser.SetStart(start);
            _end = unchecked((uint)start.Offset);
        }
    }

    private BinlogEvent? ReadInner()
    {
        ReadOnlySpan<byte> rest = _event.AsSpan(_innerAt, _length - _innerAt);
        BinlogEvent? inner = _parser.ReadPayload(ref rest, isLast: true);
        _innerAt = _length - rest.Length;
        return inner;
    }
}
