using System.Buffers;

namespace DtsMigrate.MySql.Compression;

/// <summary>Reads the literals section of a compressed block. Keeps the Huffman tree for blocks that use the last one again.</summary>
/// <remarks>RFC 8878, section 3.1.1.3.1.</remarks>
internal sealed class LiteralsDecoder : IDisposable
{
    private const int JumpTable = 6;

    private readonly HuffmanTable _huffman = new();
    private byte[] _literals = [];

    private enum Kind
    {
        Raw,
        Repeated,
        Compressed,
        Treeless,
    }

    /// <summary>A frame begins.</summary>
    public void Reset() => _huffman.Forget();

    /// <summary>Reads the section.</summary>
    /// <param name="block">Starts with the section.</param>
    /// <param name="most">Most literals that a block may have.</param>
    /// <param name="literals">The literals; valid until the next read, and as long as the block.</param>
    /// <returns>Bytes of the section.</returns>
    /// <exception cref="ZstandardException">ZstandardMalformed.</exception>
    public int Read(ReadOnlySpan<byte> block, int most, out ReadOnlySpan<byte> literals)
    {
        var (kind, size, compressed, streams, header) = Header(block);
        if (size > most || compressed > block.Length - header)
        {
            throw size > most ? ZstandardException.Malformed($"{size} literals in a block of at most {most} bytes") : ZstandardException.CutOff();
        }

        var body = block.Slice(header, compressed);
        if (kind == Kind.Raw)
        {
            literals = body;
            return header + compressed;
        }

        var output = Room(size);
        if (kind == Kind.Repeated)
        {
            output.Fill(body[0]);
        }
        else
        {
            if (kind == Kind.Compressed)
            {
                body = body[_huffman.Read(body)..];
            }
            else if (!_huffman.IsSet)
            {
                throw ZstandardException.Malformed("literals that use the tree of an earlier block, which is not there");
            }

            Decode(body, output, streams);
        }

        literals = output;
        return header + compressed;
    }

    public void Dispose()
    {
        if (_literals.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_literals);
            _literals = [];
        }
    }

    private static (Kind Kind, int Size, int Compressed, int Streams, int Header) Header(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            throw ZstandardException.CutOff();
        }

        var kind = (Kind)(block[0] & 3);
        int format = (block[0] >> 2) & 3;
        bool plain = kind is Kind.Raw or Kind.Repeated;
        int header = plain ? format switch { 1 => 2, 3 => 3, _ => 1 } : format switch { 2 => 4, 3 => 5, _ => 3 };
        if (block.Length < header)
        {
            throw ZstandardException.CutOff();
        }

        ulong bits = 0;
        for (int i = header - 1; i >= 0; i--)
        {
            bits = (bits << 8) | block[i];
        }

        if (plain)
        {
            int size = (int)(bits >> (header == 1 ? 3 : 4));
            return (kind, size, kind == Kind.Raw ? size : 1, 0, header);
        }

        int width = format switch { 2 => 14, 3 => 18, _ => 10 };
        ulong mask = (1ul << width) - 1;
        return (kind, (int)((bits >> 4) & mask), (int)((bits >> (4 + width)) & mask), format == 0 ? 1 : 4, header);
    }

    private void Decode(ReadOnlySpan<byte> body, Span<byte> output, int streams)
    {
        if (streams == 1)
        {
            _huffman.Decode(body, output);
            return;
        }

        int quarter = (output.Length + 3) / 4;
        if (body.Length < JumpTable || 3 * quarter > output.Length)
        {
            throw ZstandardException.Malformed("four streams of literals without room for them");
        }

        var rest = body[JumpTable..];
        for (int i = 0; i < 3; i++)
        {
            int length = body[2 * i] | (body[(2 * i) + 1] << 8);
            if (length > rest.Length)
            {
                throw ZstandardException.CutOff();
            }

            _huffman.Decode(rest[..length], output[..quarter]);
            rest = rest[length..];
            output = output[quarter..];
        }

        _huffman.Decode(rest, output);
    }

    private Span<byte> Room(int size)
    {
        if (_literals.Length < size)
        {
            Dispose();
            _literals = ArrayPool<byte>.Shared.Rent(size);
        }

        return _literals.AsSpan(0, size);
    }
}
