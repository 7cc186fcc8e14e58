using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using DtsMigrate.MySql.Compression;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>
/// Takes a TRANSACTION_PAYLOAD event (40) apart as its bytes come, piece by piece, and gives the events inside one by one. The last one, which ends the
/// transaction, is given only after the whole event, checksum included, was found right. Memory: the decoder's window and the largest event inside.
/// </summary>
/// <remarks>MySQL source documentation, "Transaction_payload_event": fields of type, length and value up to an end mark, then the payload.</remarks>
internal sealed class TransactionPayloadReader : IDisposable
{
    private const int ChecksumLength = 4;
    private const int FirstLength = 16 << 10;
    private const int MostFieldBytes = 128;
    private const int LargestEvent = (1 << 30) + (16 << 20);

    private readonly ZstandardDecoder _decoder = new();
    private readonly byte[] _small = new byte[MostFieldBytes];
    private byte[] _event = [];
    private Stage _stage;
    private TransactionPayloadFields _fields;
    private bool _hasChecksum;
    private uint _checksum;
    private int _smallLength;
    private int _held;
    private int _due;
    private ulong _bodyLeft;
    private ulong _payloadLeft;
    private ulong _contentLeft;

    private enum Stage
    {
        /// <summary>No event is open.</summary>
        None,

        /// <summary>The fields in front of the payload.</summary>
        Fields,

        /// <summary>Events inside.</summary>
        Content,

        /// <summary>The last event inside is complete; what is left of the payload must hold nothing more.</summary>
        Rest,

        /// <summary>The checksum behind the payload.</summary>
        Checksum,
    }

    /// <summary>An event was begun, and not all that is inside was given.</summary>
    public bool IsOpen => _stage != Stage.None;

    /// <summary>Begins an event.</summary>
    /// <param name="header">The bytes of its header.</param>
    /// <param name="length">Its length by its header.</param>
    /// <param name="hasChecksum">A checksum ends it.</param>
    public void Begin(ReadOnlySpan<byte> header, uint length, bool hasChecksum)
    {
        uint fixedLength = (uint)header.Length + (hasChecksum ? ChecksumLength : 0u);
        if (length < fixedLength)
        {
            throw new MySqlProtocolException($"its header says {length} bytes");
        }

        _decoder.Reset();
        _bodyLeft = length - fixedLength;
        _hasChecksum = hasChecksum;
        _checksum = Crc32.Compute(header);
        _smallLength = 0;
        _held = 0;
        _due = BinlogEventParser.HeaderLength;
        _stage = Stage.Fields;
    }

    /// <summary>Moves to the next event inside.</summary>
    /// <param name="piece">Bytes that follow those taken before; what is taken is cut off.</param>
    /// <param name="inner">Its bytes, without checksum; valid until the next call.</param>
    /// <returns>False when more bytes are needed, or, when <see cref="IsOpen"/> is false, all was given.</returns>
    /// <exception cref="MySqlProtocolException">Malformed.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> piece, out ReadOnlySpan<byte> inner)
    {
        inner = default;
        while (_stage != Stage.None)
        {
            bool isReady = _stage switch
            {
                Stage.Fields => TryReadFields(ref piece),
                Stage.Content => TryFill(ref piece),
                Stage.Rest => TryReadRest(ref piece),
                _ => TryReadChecksum(ref piece),
            };
            if (!isReady)
            {
                return false;
            }

            if (_stage is Stage.Content or Stage.None && _held == _due)
            {
                inner = TakeEvent();
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        Release();
    }

    private bool TryReadFields(ref ReadOnlySpan<byte> piece)
    {
        // Taken as a whole once they are complete: the payload begins right behind them.
        int before = _smallLength;
        int taken = (int)Math.Min((ulong)Math.Min(piece.Length, MostFieldBytes - before), _bodyLeft - (ulong)before);
        piece[..taken].CopyTo(_small.AsSpan(before));
        _smallLength += taken;
        var known = _small.AsSpan(0, _smallLength);
        if (!TransactionPayloadFields.TryParse(known, out _fields, out int length))
        {
            piece = piece[taken..];
            return _smallLength < MostFieldBytes && (ulong)_smallLength < _bodyLeft
                ? false
                : throw new MySqlProtocolException("its fields have no end");
        }

        Count(known[..length]);
        piece = piece[(length - before)..];
        _bodyLeft -= (ulong)length;
        if (_fields.PayloadSize != _bodyLeft)
        {
            throw new MySqlProtocolException(string.Create(CultureInfo.InvariantCulture, $"a payload of {_fields.PayloadSize} bytes in {_bodyLeft}"));
        }

        _payloadLeft = _bodyLeft;
        _contentLeft = _fields.ContentSize;
        _smallLength = 0;
        _stage = _contentLeft == 0 ? Stage.Rest : Stage.Content;
        return true;
    }

    /// <summary>Goes on filling the event that is due; false when the piece does not suffice.</summary>
    private bool TryFill(ref ReadOnlySpan<byte> piece)
    {
        if (_held == 0 && _contentLeft < BinlogEventParser.HeaderLength)
        {
            throw new MySqlProtocolException("the payload ends inside an event");
        }

        while (_held < _due)
        {
            Reserve();
            var room = _event.AsSpan(_held, Math.Min(_due, _event.Length) - _held);
            int written = Decode(ref piece, room);
            _held += written;
            _contentLeft -= (ulong)written;
            if (_held == BinlogEventParser.HeaderLength && _due == BinlogEventParser.HeaderLength)
            {
                Announce(BinaryPrimitives.ReadUInt32LittleEndian(_event.AsSpan(9)));
            }
            else if (written == 0 && (piece.IsEmpty || _payloadLeft == 0))
            {
                return _payloadLeft > 0 ? false : throw new MySqlProtocolException("the payload ends before its content does");
            }
        }

        if (_contentLeft == 0)
        {
            _stage = Stage.Rest;
        }

        return true;
    }

    private void Announce(uint length)
    {
        if (length < BinlogEventParser.HeaderLength || length - BinlogEventParser.HeaderLength > _contentLeft || length > LargestEvent)
        {
            throw new MySqlProtocolException(
                string.Create(CultureInfo.InvariantCulture, $"an event inside says that it has {length} bytes, where {_contentLeft + BinlogEventParser.HeaderLength} are left"));
        }

        _due = (int)length;
    }

    private bool TryReadRest(ref ReadOnlySpan<byte> piece)
    {
        while (_payloadLeft > 0 && !piece.IsEmpty)
        {
            int before = piece.Length;
            Decode(ref piece, []);
            if (piece.Length == before)
            {
                throw new MySqlProtocolException("the payload holds more than it says");
            }
        }

        if (_payloadLeft > 0)
        {
            return false;
        }

        if (!_decoder.IsBetweenFrames)
        {
            throw new MySqlProtocolException("the payload ends inside a frame, or holds more than it says");
        }

        _stage = Stage.Checksum;
        return true;
    }

    private bool TryReadChecksum(ref ReadOnlySpan<byte> piece)
    {
        if (!_hasChecksum)
        {
            _stage = Stage.None;
            return true;
        }

        int taken = Math.Min(ChecksumLength - _smallLength, piece.Length);
        piece[..taken].CopyTo(_small.AsSpan(_smallLength));
        piece = piece[taken..];
        _smallLength += taken;
        if (_smallLength < ChecksumLength)
        {
            return false;
        }

        uint sent = BinaryPrimitives.ReadUInt32LittleEndian(_small);
        if (sent != _checksum)
        {
            throw new MySqlProtocolException($"wrong checksum: {sent:X8} sent, {_checksum:X8} computed");
        }

        _stage = Stage.None;
        return true;
    }

    private int Decode(ref ReadOnlySpan<byte> piece, Span<byte> output)
    {
        var source = piece[..(int)Math.Min((ulong)piece.Length, _payloadLeft)];
        int consumed, written;
        if (_fields.IsCompressed)
        {
            try
            {
                _decoder.Decompress(source, output, out consumed, out written);
            }
            catch (ZstandardException e)
            {
                throw new MySqlProtocolException(e.Message, e) { RecommendedAction = e.RecommendedAction };
            }
        }
        else
        {
            consumed = written = Math.Min(source.Length, output.Length);
            source[..consumed].CopyTo(output);
        }

        Count(source[..consumed]);
        piece = piece[consumed..];
        _payloadLeft -= (ulong)consumed;
        return written;
    }

    private void Count(ReadOnlySpan<byte> taken)
    {
        if (_hasChecksum)
        {
            _checksum = Crc32.Append(_checksum, taken);
        }
    }

    private ReadOnlySpan<byte> TakeEvent()
    {
        var bytes = _event.AsSpan(0, _held);
        _held = 0;
        _due = BinlogEventParser.HeaderLength;
        return bytes;
    }

    // Grows with what has come, not with what is announced.
    private void Reserve()
    {
        if (_held < _event.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(2L * _held, FirstLength, LargestEvent));
        _event.AsSpan(0, _held).CopyTo(larger);
        Release();
        _event = larger;
    }

    private void Release()
    {
        if (_event.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_event);
            _event = [];
        }
    }
}
