namespace DtsMigrate.MySql.Compression;

/// <summary>One of the three codes of sequences: literal lengths, offsets, match lengths. Keeps its table for blocks that use the last one again.</summary>
/// <remarks>RFC 8878, sections 3.1.1.3.2.1 and 3.1.1.3.2.2.</remarks>
internal sealed class SequenceCode
{
    private readonly int _maximumLog;
    private readonly uint[] _values;
    private readonly byte[] _bits;
    private readonly FseTable _predefined = new();
    private readonly FseTable _own = new();
    private FseTable? _current;

    private SequenceCode(int maximumLog, uint[] values, byte[] bits, int predefinedLog, ReadOnlySpan<short> predefined)
    {
        _maximumLog = maximumLog;
        _values = values;
        _bits = bits;
        _predefined.Build(predefined, predefinedLog, values, bits);
    }

    /// <summary>The table to use.</summary>
    public FseTable Table => _current!;

    public static SequenceCode LiteralLengths()
    {
        byte[] bits = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        return new SequenceCode(
            9,
            Bases(0, bits),
            bits,
            6,
            [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]);
    }

    public static SequenceCode MatchLengths()
    {
        byte[] bits =
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ];
        return new SequenceCode(
            9,
            Bases(3, bits),
            bits,
            6,
            [
                1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
            ]);
    }

    /// <summary>A code is the number of bits that follow it; the value has one more, set, in front of them.</summary>
    public static SequenceCode Offsets()
    {
        byte[] bits = [.. Enumerable.Range(0, 32).Select(static code => (byte)code)];
        return new SequenceCode(
            8,
            [.. bits.Select(static code => 1u << code)],
            bits,
            5,
            [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]);
    }

    /// <summary>A frame begins: no table is known.</summary>
    public void Reset() => _current = null;

    /// <summary>Sets the table for a block.</summary>
    /// <param name="mode">0 predefined, 1 a single code, 2 described in the block, 3 as in the last block.</param>
    /// <param name="source">Starts with the description.</param>
    /// <returns>Bytes of the description.</returns>
    /// <exception cref="ZstandardException">ZstandardMalformed.</exception>
    public int Read(int mode, ReadOnlySpan<byte> source)
    {
        switch (mode)
        {
            case 0:
                _current = _predefined;
                return 0;
            case 1:
                if (source.IsEmpty || source[0] >= _values.Length)
                {
                    throw ZstandardException.Malformed("a code of sequences that does not exist");
                }

                _own.SetSingle(_values[source[0]], _bits[source[0]]);
                _current = _own;
                return 1;
            case 2:
                _current = null;
                int read = _own.Read(source, _maximumLog, _values, _bits);
                _current = _own;
                return read;
            default:
                return _current is null ? throw ZstandardException.Malformed("sequences that use a table of an earlier block, which is not there") : 0;
        }
    }

    // Each code begins where the values of the one before it end.
    private static uint[] Bases(uint first, byte[] bits)
    {
        uint[] values = new uint[bits.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            values[i] = first;
            first += 1u << bits[i];
        }

        return values;
    }
}
