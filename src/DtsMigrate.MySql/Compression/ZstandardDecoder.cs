using System.Buffers;
using System.Buffers.Binary;

namespace DtsMigrate.MySql.Compression;

/// <summary>
/// Decompresses Zstandard frames, one after another, without input or output of its own: bytes are given and taken in pieces of any size. Memory is
/// bounded by the window that a frame asks for, and grows with what is decoded, not with what a header announces. Not safe for several threads.
/// </summary>
/// <remarks>RFC 8878. Skippable frames are passed over; dictionaries are not supported. Checksum and content size are verified where a frame has them.</remarks>
public sealed class ZstandardDecoder : IDisposable
{
    /// <summary>Largest window that is accepted unless asked otherwise, in bytes: what the highest compression level uses.</summary>
    public const int DefaultWindowLimit = 128 << 20;

    private const int BlockMaximum = 128 << 10;
    private const uint Magic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;
    private const int MagicLength = 4;
    private const int BlockHeaderLength = 3;
    private const int ChecksumLength = 4;

    private readonly int _windowLimit;
    private readonly DecodedHistory _history = new();
    private readonly LiteralsDecoder _literals = new();
    private readonly SequencesDecoder _sequences = new();
    private readonly XxHash64 _checksum = new();
    private byte[] _gathered = [];
    private int _gatheredLength;
    private Stage _stage;
    private FrameHeader _frame;
    private int _blockMaximum;
    private int _blockKind;
    private int _blockSize;
    private bool _lastBlock;
    private ulong _produced;
    private long _toSkip;

    /// <summary>Creates a decoder.</summary>
    /// <param name="windowLimit">Largest window accepted, in bytes; from 1 KiB to 1 GiB.</param>
    public ZstandardDecoder(int windowLimit = DefaultWindowLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowLimit, 1 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowLimit, 1 << 30);
        _windowLimit = windowLimit;
    }

    private enum Stage
    {
        /// <summary>Between frames.</summary>
        Magic,

        /// <summary>The first byte of a frame's header, which tells the header's length.</summary>
        Descriptor,

        /// <summary>A frame's header.</summary>
        Header,

        /// <summary>The length of a skippable frame.</summary>
        SkippableLength,

        /// <summary>Inside a skippable frame.</summary>
        Skippable,

        /// <summary>The header of a block.</summary>
        BlockHeader,

        /// <summary>A block.</summary>
        Block,

        /// <summary>The checksum behind the last block.</summary>
        Checksum,

        /// <summary>The frame's last bytes wait to be taken.</summary>
        End,
    }

    /// <summary>No frame is begun and not ended: here the input may end.</summary>
    public bool IsBetweenFrames => _stage == Stage.Magic && _gatheredLength == 0;

    /// <summary>Forgets everything, also after an exception; buffers are kept.</summary>
    public void Reset()
    {
        _gatheredLength = 0;
        _stage = Stage.Magic;
        _history.Reset(0);
    }

    /// <summary>Decompresses as much as there is input or room for.</summary>
    /// <param name="source">Compressed bytes that follow those consumed before.</param>
    /// <param name="destination">Where the content goes.</param>
    /// <param name="bytesConsumed">Bytes of <paramref name="source"/> that must not be given again.</param>
    /// <param name="bytesWritten">Bytes of content written.</param>
    /// <returns>
    /// Done at the end of each frame, NeedMoreData when all input is consumed, DestinationTooSmall when the destination is full and there may be more.
    /// </returns>
    /// <exception cref="ZstandardException">
    /// Codes ZstandardMalformed, ZstandardWindowTooLarge, ZstandardDictionaryMissing. Only <see cref="Reset"/> may follow.
    /// </exception>
    public OperationStatus Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesConsumed, out int bytesWritten)
    {
        int given = source.Length;
        bytesWritten = 0;
        while (true)
        {
            var pending = _history.Pending;
            int taken = Math.Min(pending.Length, destination.Length);
            pending[..taken].CopyTo(destination);
            _history.Take(taken);
            destination = destination[taken..];
            bytesWritten += taken;
            if (taken < pending.Length || _stage == Stage.End)
            {
                bytesConsumed = given - source.Length;
                if (taken < pending.Length)
                {
                    return OperationStatus.DestinationTooSmall;
                }

                _stage = Stage.Magic;
                return OperationStatus.Done;
            }

            if (!Step(ref source))
            {
                bytesConsumed = given - source.Length;
                return OperationStatus.NeedMoreData;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        _history.Dispose();
        _literals.Dispose();
        if (_gathered.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_gathered);
            _gathered = [];
        }
    }

    /// <summary>Goes on to the next stage; false when the input does not suffice.</summary>
    private bool Step(ref ReadOnlySpan<byte> source)
    {
        if (_stage == Stage.Skippable)
        {
            int skipped = (int)Math.Min(_toSkip, source.Length);
            source = source[skipped..];
            _toSkip -= skipped;
            _stage = _toSkip == 0 ? Stage.Magic : Stage.Skippable;
            return _toSkip == 0;
        }

        int needed = _stage switch
        {
            Stage.Magic or Stage.SkippableLength => MagicLength,
            Stage.Descriptor => 1,
            Stage.Header => FrameHeader.Length(_gathered[0]),
            Stage.BlockHeader => BlockHeaderLength,
            Stage.Block => _blockKind == 1 ? 1 : _blockSize,
            _ => ChecksumLength,
        };
        if (!TryTake(ref source, needed, out var piece))
        {
            return false;
        }

        switch (_stage)
        {
            case Stage.Magic:
                StartFrame(BinaryPrimitives.ReadUInt32LittleEndian(piece));
                break;
            case Stage.Descriptor:
                // Kept, and taken again with the rest of the header.
                Gather(piece, needed);
                _stage = Stage.Header;
                break;
            case Stage.Header:
                Header(piece);
                break;
            case Stage.SkippableLength:
                _toSkip = BinaryPrimitives.ReadUInt32LittleEndian(piece);
                _stage = Stage.Skippable;
                break;
            case Stage.BlockHeader:
                BlockHeader(piece[0] | (piece[1] << 8) | (piece[2] << 16));
                break;
            case Stage.Block:
                Block(piece);
                break;
            default:
                Checksum(BinaryPrimitives.ReadUInt32LittleEndian(piece));
                break;
        }

        return true;
    }

    /// <summary>The next bytes: in place when the source has all of them, else gathered from the pieces given.</summary>
    private bool TryTake(ref ReadOnlySpan<byte> source, int needed, out ReadOnlySpan<byte> piece)
    {
        if (_gatheredLength == 0 && source.Length >= needed)
        {
            piece = source[..needed];
            source = source[needed..];
            return true;
        }

        int taken = Math.Min(needed - _gatheredLength, source.Length);
        Gather(source[..taken], needed);
        source = source[taken..];
        piece = _gathered.AsSpan(0, _gatheredLength);
        if (_gatheredLength < needed)
        {
            return false;
        }

        _gatheredLength = 0;
        return true;
    }

    private void Gather(ReadOnlySpan<byte> bytes, int needed)
    {
        if (_gathered.Length < needed)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, BlockMaximum));
            _gathered.AsSpan(0, _gatheredLength).CopyTo(larger);
            if (_gathered.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_gathered);
            }

            _gathered = larger;
        }

        bytes.CopyTo(_gathered.AsSpan(_gatheredLength));
        _gatheredLength += bytes.Length;
    }

    private void StartFrame(uint magic)
    {
        if ((magic & ~0xFu) == SkippableMagic)
        {
            _stage = Stage.SkippableLength;
            return;
        }

        _stage = magic == Magic ? Stage.Descriptor : throw ZstandardException.Malformed($"no frame starts with 0x{magic:X8}");
    }

    private void Header(ReadOnlySpan<byte> bytes)
    {
        _frame = FrameHeader.Parse(bytes);
        // A content smaller than its window is all that matches can reach.
        ulong window = Math.Min(_frame.Window, _frame.ContentSize ?? ulong.MaxValue);
        if (window > (ulong)_windowLimit)
        {
            throw new ZstandardException("ZstandardWindowTooLarge", $"Zstandard data that needs a window of {_frame.Window} bytes, where {_windowLimit} are allowed.");
        }

        _blockMaximum = (int)Math.Min(_frame.Window, BlockMaximum);
        _history.Reset((int)window);
        _literals.Reset();
        _sequences.Reset();
        _checksum.Reset();
        _produced = 0;
        _stage = Stage.BlockHeader;
    }

    private void BlockHeader(int header)
    {
        _lastBlock = (header & 1) != 0;
        _blockKind = (header >> 1) & 3;
        _blockSize = header >> 3;
        if (_blockKind == 3 || _blockSize > _blockMaximum)
        {
            throw ZstandardException.Malformed(_blockKind == 3 ? "a block of a kind that does not exist" : $"a block of {_blockSize} bytes where {_blockMaximum} are the most");
        }

        _stage = Stage.Block;
    }

    private void Block(ReadOnlySpan<byte> block)
    {
        _history.Reserve(_blockKind == 2 ? _blockMaximum : _blockSize);
        switch (_blockKind)
        {
            case 0:
                _history.Append(block);
                break;
            case 1:
                _history.AppendRun(block[0], _blockSize);
                break;
            default:
                int read = _literals.Read(block, _blockMaximum, out var literals);
                _sequences.Decode(block[read..], literals, _history, _blockMaximum);
                break;
        }

        var decoded = _history.Pending;
        _produced += (ulong)decoded.Length;
        if (_frame.HasChecksum)
        {
            _checksum.Append(decoded);
        }

        if (_produced > _frame.ContentSize || (_lastBlock && _produced < _frame.ContentSize))
        {
            throw ZstandardException.Malformed($"a content of {_produced} bytes where {_frame.ContentSize} are announced");
        }

        _stage = !_lastBlock ? Stage.BlockHeader : _frame.HasChecksum ? Stage.Checksum : Stage.End;
    }

    private void Checksum(uint sent)
    {
        uint computed = (uint)_checksum.Digest();
        if (sent != computed)
        {
            throw ZstandardException.Malformed($"its checksum is {sent:X8}, and its content has {computed:X8}");
        }

        _stage = Stage.End;
    }
}
