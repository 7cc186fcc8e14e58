using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Protocol;

/// <summary>
/// Cuts the byte stream into packets. A packet that fits the read buffer is handed out in place, without a copy; a larger one, or one
/// split at 16 MiB - 1, is assembled in a second buffer that grows as bytes arrive, never by what a header announces; or handed out piece by
/// piece where the reader asks for that, so that its size does not matter.
/// </summary>
/// <remarks>Invariant: 0 &lt;= _start &lt;= _end &lt;= _buffer.Length; unread bytes are [_start, _end). Payload points into _buffer or _large and is valid until the next read.</remarks>
internal sealed class PacketInput : IDisposable
{
    /// <summary>Payload of a full packet, which says that another follows.</summary>
    public const int FullPacket = 0xFFFFFF;

    /// <summary>Three bytes of length, one of number.</summary>
    public const int HeaderLength = 4;

    /// <summary>max_allowed_packet may be 1 GiB; a little more for headers around it.</summary>
    public const int DefaultMaxPayload = (1 << 30) + (16 << 20);

    private const int BufferLength = 128 << 10;
    private const int FirstLargeLength = 256 << 10;
    private const int KeptLargeLength = 16 << 20;

    /// <summary>Bytes of a payload that <see cref="WantsPieces"/> sees.</summary>
    private const int StartLength = 20;

    private readonly Transport _transport;
    private readonly PacketSequence _sequence;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private int _start;
    private int _end;
    private byte[]? _large;
    private byte[] _payloadArray = [];
    private int _payloadOffset;
    private int _payloadLength;
    private bool _inPieces;
    private bool _morePackets;
    private int _packetLeft;
    private int _piecesTotal;

    public PacketInput(Transport transport, PacketSequence sequence)
    {
        _transport = transport;
        _sequence = sequence;
    }

    /// <summary>Largest payload accepted. Small before authentication, when the peer is a stranger.</summary>
    public int MaxPayload { get; set; } = DefaultMaxPayload;

    /// <summary>Says by its first bytes whether a payload that does not fit the read buffer is to be handed out in pieces; null for never.</summary>
    public Predicate<ReadOnlyMemory<byte>>? WantsPieces { get; set; }

    /// <summary>The payload is a piece, and the next read gives the next piece.</summary>
    public bool IsPartial => _inPieces;

    /// <summary>The payload, or piece of one, read last. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Payload => new(_payloadArray, _payloadOffset, _payloadLength);

    /// <summary>True when the server sent an ERR packet out of order, as it does before it closes a connection by itself.</summary>
    public bool SawOutOfOrderError { get; private set; }

    /// <summary>True when bytes were received that no read has consumed.</summary>
    public bool HasUnread => _end > _start;

    /// <summary>Moves to the next packet if it is complete in the buffer.</summary>
    public bool TryReadBuffered()
    {
        if (_inPieces)
        {
            return TryReadPiece();
        }

        int available = _end - _start;
        if (available < HeaderLength)
        {
            return false;
        }

        uint header = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        int length = (int)(header & FullPacket);
        if (length == FullPacket || available - HeaderLength < length || length > MaxPayload)
        {
            return false;
        }

        CheckSequence((byte)(header >> 24), length > 0 ? _buffer[_start + HeaderLength] : -1);
        SetPayload(_buffer, _start + HeaderLength, length);
        _start += HeaderLength + length;
        return true;
    }

    /// <summary>Packets that no read has consumed; none while one is handed out in pieces.</summary>
    public ReceivedRows PeekUnread() => _inPieces ? default : new ReceivedRows(_buffer.AsSpan(_start, _end - _start), _sequence.Next);

    /// <summary>Takes the packets that were used of what <see cref="PeekUnread"/> gave. There is no payload then.</summary>
    public void SkipUnread(in ReceivedRows used)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(used.Taken, _end - _start, nameof(used));
        _start += used.Taken;
        _sequence.Skip(used.Count);
        SetPayload([], 0, 0);
    }

    /// <summary>Moves to the next packet; completes synchronously when it is buffered.</summary>
    public ValueTask ReadAsync() => TryReadBuffered() ? default : ReadSlowAsync();

    public void Dispose()
    {
        SetPayload([], 0, 0);
        ReleaseLarge();
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadSlowAsync()
    {
        if (_inPieces)
        {
            await ReadPieceAsync().ConfigureAwait(false);
            return;
        }

        await FillAsync(HeaderLength).ConfigureAwait(false);
        int length = (int)(BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start)) & FullPacket);
        if (length > MaxPayload)
        {
            throw TooLarge(length);
        }

        if (length < FullPacket && HeaderLength + length <= _buffer.Length)
        {
            await FillAsync(HeaderLength + length).ConfigureAwait(false);
            if (_large is { Length: > KeptLargeLength })
            {
                ReleaseLarge();
            }

            TryReadBuffered();
            return;
        }

        if (WantsPieces is not null)
        {
            await FillAsync(HeaderLength + StartLength).ConfigureAwait(false);
            if (WantsPieces(_buffer.AsMemory(_start + HeaderLength, StartLength)))
            {
                // As if a packet of no bytes came before the first.
                (_inPieces, _morePackets, _packetLeft, _piecesTotal) = (true, true, 0, 0);
                await ReadPieceAsync().ConfigureAwait(false);
                return;
            }
        }

        await ReadLargeAsync().ConfigureAwait(false);
    }

    private async ValueTask ReadPieceAsync()
    {
        while (!TryReadPiece())
        {
            await FillAsync(_packetLeft == 0 ? HeaderLength : 1).ConfigureAwait(false);
        }
    }

    private bool TryReadPiece()
    {
        if (_packetLeft == 0)
        {
            if (_end - _start < HeaderLength)
            {
                return false;
            }

            uint header = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
            _packetLeft = (int)(header & FullPacket);
            if (_packetLeft > MaxPayload - _piecesTotal)
            {
                throw TooLarge((long)_piecesTotal + _packetLeft);
            }

            CheckSequence((byte)(header >> 24), -1);
            _start += HeaderLength;
            _piecesTotal += _packetLeft;
            _morePackets = _packetLeft == FullPacket;
        }

        int length = Math.Min(_packetLeft, _end - _start);
        if (length == 0 && _packetLeft > 0)
        {
            return false;
        }

        SetPayload(_buffer, _start, length);
        _start += length;
        _packetLeft -= length;
        _inPieces = _packetLeft > 0 || _morePackets;
        return true;
    }

    private async ValueTask ReadLargeAsync()
    {
        int total = 0;
        int length;
        do
        {
            await FillAsync(HeaderLength).ConfigureAwait(false);
            uint header = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
            CheckSequence((byte)(header >> 24), -1);
            _start += HeaderLength;
            length = (int)(header & FullPacket);
            if (length > MaxPayload - total)
            {
                throw TooLarge((long)total + length);
            }

            total = await AppendLargeAsync(total, length).ConfigureAwait(false);
        }
        while (length == FullPacket);
        SetPayload(_large!, 0, total);
    }

    private async ValueTask<int> AppendLargeAsync(int total, int length)
    {
        int due = total + length;
        _large ??= ArrayPool<byte>.Shared.Rent(FirstLargeLength);
        while (total < due)
        {
            if (total == _large.Length)
            {
                GrowLarge(total);
            }

            int room = Math.Min(due - total, _large.Length - total);
            int buffered = Math.Min(room, _end - _start);
            if (buffered > 0)
            {
                _buffer.AsSpan(_start, buffered).CopyTo(_large.AsSpan(total));
                _start += buffered;
                total += buffered;
            }
            else
            {
                total += await _transport.ReadAsync(_large.AsMemory(total, room)).ConfigureAwait(false);
            }
        }

        return total;
    }

    /// <summary>Reads until at least <paramref name="count"/> unread bytes are contiguous in the buffer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(int count)
    {
        if (_end - _start >= count)
        {
            return;
        }

        // At most one partial packet is moved per refill.
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            _end += await _transport.ReadAsync(_buffer.AsMemory(_end)).ConfigureAwait(false);
        }
    }

    private void GrowLarge(int used)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min((long)_large!.Length * 2, Array.MaxLength));
        _large.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_large);
        _large = larger;
    }

    private void ReleaseLarge()
    {
        if (_large is not null)
        {
            ArrayPool<byte>.Shared.Return(_large);
            _large = null;
        }
    }

    private void SetPayload(byte[] array, int offset, int length)
    {
        _payloadArray = array;
        _payloadOffset = offset;
        _payloadLength = length;
    }

    private void CheckSequence(byte number, int firstByte)
    {
        byte expected = _sequence.Take();
        if (number == expected)
        {
            return;
        }

        if (firstByte != 0xFF)
        {
            throw new MySqlProtocolException($"Packet number {expected} is due and {number} came from {_transport.Endpoint}.");
        }

        // A server that closes an idle or killed connection says so in an ERR packet of its own counting.
        SawOutOfOrderError = true;
        _sequence.Resume(number);
    }

    private MySqlProtocolException TooLarge(long length) =>
        new($"{_transport.Endpoint} sends a packet of at least {length} bytes where at most {MaxPayload} are legal.");
}
