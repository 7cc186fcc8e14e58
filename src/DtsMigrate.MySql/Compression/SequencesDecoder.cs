namespace DtsMigrate.MySql.Compression;

/// <summary>Reads the sequences section of a compressed block and carries it out. Keeps tables and repeated offsets from block to block.</summary>
/// <remarks>RFC 8878, sections 3.1.1.3.2 to 3.1.1.5.</remarks>
internal sealed class SequencesDecoder
{
    private const int LongForm = 0x7F00;

    // Bits that are sure to be left after a reload, less those of the three next states.
    private const int ValueBitsPerReload = 57 - 26;

    private readonly SequenceCode _literalLengths = SequenceCode.LiteralLengths();
    private readonly SequenceCode _offsets = SequenceCode.Offsets();
    private readonly SequenceCode _matchLengths = SequenceCode.MatchLengths();
    private uint _offset1;
    private uint _offset2;
    private uint _offset3;

    /// <summary>A frame begins.</summary>
    public void Reset()
    {
        _literalLengths.Reset();
        _offsets.Reset();
        _matchLengths.Reset();
        (_offset1, _offset2, _offset3) = (1, 4, 8);
    }

    /// <summary>Appends what the block stands for.</summary>
    /// <param name="section">The sequences section, which is the rest of the block.</param>
    /// <param name="literals">The block's literals.</param>
    /// <param name="output">Where it goes; has room for <paramref name="most"/> bytes.</param>
    /// <param name="most">Most bytes that a block may stand for.</param>
    /// <exception cref="ZstandardException">ZstandardMalformed.</exception>
    public void Decode(ReadOnlySpan<byte> section, ReadOnlySpan<byte> literals, DecodedHistory output, int most)
    {
        int count = Count(ref section);
        if (count > 0)
        {
            if (section.IsEmpty || (section[0] & 3) != 0)
            {
                throw ZstandardException.Malformed("sequences with unknown modes");
            }

            int modes = section[0];
            section = section[1..];
            section = section[_literalLengths.Read(modes >> 6, section)..];
            section = section[_offsets.Read((modes >> 4) & 3, section)..];
            section = section[_matchLengths.Read((modes >> 2) & 3, section)..];
            int written = Run(section, count, ref literals, output, most);
            most -= written;
        }
        else if (!section.IsEmpty)
        {
            throw ZstandardException.Malformed("bytes behind the last sequence");
        }

        if (literals.Length > most)
        {
            throw TooLong();
        }

        output.Append(literals);
    }

    private static int Count(ref ReadOnlySpan<byte> section)
    {
        int first = section.IsEmpty ? 0 : section[0];
        int length = first < 128 ? 1 : first < 255 ? 2 : 3;
        if (section.Length < length)
        {
            throw ZstandardException.CutOff();
        }

        int count = length switch
        {
            1 => first,
            2 => ((first - 128) << 8) + section[1],
            _ => section[1] + (section[2] << 8) + LongForm,
        };
        section = section[length..];
        return count;
    }

    private int Run(ReadOnlySpan<byte> bits, int count, ref ReadOnlySpan<byte> literals, DecodedHistory output, int most)
    {
        var reader = new BackwardBitReader(bits);
        var literalLengths = _literalLengths.Table.Entries;
        var offsets = _offsets.Table.Entries;
        var matchLengths = _matchLengths.Table.Entries;
        uint literalState = reader.Read(_literalLengths.Table.Log);
        uint offsetState = reader.Read(_offsets.Table.Log);
        uint matchState = reader.Read(_matchLengths.Table.Log);
        int written = 0;
        while (true)
        {
            reader.Reload();
            var literalEntry = literalLengths[(int)literalState];
            var offsetEntry = offsets[(int)offsetState];
            var matchEntry = matchLengths[(int)matchState];
            bool many = literalEntry.ValueBits + offsetEntry.ValueBits + matchEntry.ValueBits > ValueBitsPerReload;
            uint offsetValue = offsetEntry.Value + reader.Read(offsetEntry.ValueBits);
            if (many)
            {
                reader.Reload();
            }

            int matchLength = (int)(matchEntry.Value + reader.Read(matchEntry.ValueBits));
            int literalLength = (int)(literalEntry.Value + reader.Read(literalEntry.ValueBits));
            if (many)
            {
                reader.Reload();
            }

            uint offset = Offset(offsetValue, literalLength);
            written += literalLength + matchLength;
            if (written > most || literalLength > literals.Length)
            {
                throw written > most ? TooLong() : ZstandardException.Malformed("sequences that use more literals than there are");
            }

            output.AppendStart(literals, literalLength);
            literals = literals[literalLength..];
            output.AppendMatch(offset, matchLength);
            if (--count == 0)
            {
                break;
            }

            literalState = literalEntry.NextState + reader.Read(literalEntry.StateBits);
            matchState = matchEntry.NextState + reader.Read(matchEntry.StateBits);
            offsetState = offsetEntry.NextState + reader.Read(offsetEntry.StateBits);
        }

        reader.Reload();
        return reader.IsAtEnd ? written : throw ZstandardException.Malformed("a stream of sequences that does not end with its last sequence");
    }

    // 1 to 3 stand for the last three offsets; without literals in front, which would have made the match before longer, the first is no use and all move on by one.
    private uint Offset(uint value, int literalLength)
    {
        if (value > 3)
        {
            (_offset1, _offset2, _offset3) = (value - 3, _offset1, _offset2);
            return _offset1;
        }

        uint index = literalLength == 0 ? value + 1 : value;
        switch (index)
        {
            case 1:
                break;
            case 2:
                (_offset1, _offset2) = (_offset2, _offset1);
                break;
            case 3:
                (_offset1, _offset2, _offset3) = (_offset3, _offset1, _offset2);
                break;
            default:
                (_offset1, _offset2, _offset3) = (_offset1 - 1, _offset1, _offset2);
                break;
        }

        return _offset1;
    }

    private static ZstandardException TooLong() => ZstandardException.Malformed("a block that stands for more bytes than one may");
}
