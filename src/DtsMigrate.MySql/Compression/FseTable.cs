using System.Numerics;

namespace DtsMigrate.MySql.Compression;

/// <summary>Decoding table of a finite state entropy code.</summary>
/// <remarks>RFC 8878, section 4.1.1.</remarks>
internal sealed class FseTable
{
    /// <summary>Largest accuracy log of any table in a frame.</summary>
    public const int MaximumLog = 9;

    private const int MinimumLog = 5;
    private const int Symbols = 256;

    private readonly FseEntry[] _entries = new FseEntry[1 << MaximumLog];

    /// <summary>Logarithm of the number of states, which is the number of bits of the first state.</summary>
    public int Log { get; private set; }

    /// <summary>The states.</summary>
    public ReadOnlySpan<FseEntry> Entries => _entries.AsSpan(0, 1 << Log);

    /// <summary>One symbol only: no state takes any bits.</summary>
    public void SetSingle(uint value, byte valueBits)
    {
        Log = 0;
        _entries[0] = new FseEntry(value, 0, 0, valueBits);
    }

    /// <summary>Reads the description of a distribution and builds its table.</summary>
    /// <param name="source">Starts with the description.</param>
    /// <param name="maximumLog">Largest accuracy log allowed.</param>
    /// <param name="values">Value of each symbol; its length is the number of symbols.</param>
    /// <param name="valueBits">Extra bits of each symbol.</param>
    /// <returns>Bytes of the description.</returns>
    /// <exception cref="ZstandardException">ZstandardMalformed.</exception>
    public int Read(ReadOnlySpan<byte> source, int maximumLog, ReadOnlySpan<uint> values, ReadOnlySpan<byte> valueBits)
    {
        var reader = new ForwardBitReader(source);
        int log = MinimumLog + reader.Read(4);
        if (log > maximumLog)
        {
            throw ZstandardException.Malformed($"an accuracy log of {log} where {maximumLog} is the most");
        }

        Span<short> counts = stackalloc short[Symbols];
        int symbols = ReadCounts(ref reader, 1 << log, counts[..values.Length]);
        Build(counts[..symbols], log, values, valueBits);
        return reader.BytesRead;
    }

    /// <summary>Builds the table of a distribution.</summary>
    /// <param name="counts">States of each symbol, -1 for one that has a single state and all bits read after it. Their sum fills the table.</param>
    /// <param name="log">Accuracy log.</param>
    /// <param name="values">Value of each symbol.</param>
    /// <param name="valueBits">Extra bits of each symbol.</param>
    public void Build(ReadOnlySpan<short> counts, int log, ReadOnlySpan<uint> values, ReadOnlySpan<byte> valueBits)
    {
        int size = 1 << log;
        Span<byte> symbols = stackalloc byte[1 << MaximumLog];
        Span<ushort> next = stackalloc ushort[Symbols];
        int high = size - 1;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            next[symbol] = (ushort)Math.Abs(counts[symbol]);
            if (counts[symbol] < 0)
            {
                symbols[high--] = (byte)symbol;
            }
        }

        int step = (size >> 1) + (size >> 3) + 3;
        int position = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            for (int i = 0; i < counts[symbol]; i++)
            {
                symbols[position] = (byte)symbol;
                do
                {
                    position = (position + step) & (size - 1);
                }
                while (position > high);
            }
        }

        for (int state = 0; state < size; state++)
        {
            byte symbol = symbols[state];
            int number = next[symbol]++;
            int bits = log - BitOperations.Log2((uint)number);
            _entries[state] = new FseEntry(values[symbol], (ushort)((number << bits) - size), (byte)bits, valueBits[symbol]);
        }

        Log = log;
    }

    private static int ReadCounts(ref ForwardBitReader reader, int total, scoped Span<short> counts)
    {
        int left = total;
        int symbol = 0;
        while (left > 0)
        {
            if (symbol == counts.Length)
            {
                throw ZstandardException.Malformed("a distribution over more symbols than there are");
            }

            // Values from 0 to left + 1 are possible: the smaller ones take a bit less.
            int bits = BitOperations.Log2((uint)left + 1) + 1;
            int shorter = (1 << bits) - 1 - (left + 1);
            int value = reader.Read(bits);
            int low = value & ((1 << (bits - 1)) - 1);
            if (low < shorter)
            {
                value = low;
                reader.Unread(1);
            }
            else if (value >= 1 << (bits - 1))
            {
                value -= shorter;
            }

            int count = value - 1;
            left -= Math.Abs(count);
            counts[symbol++] = (short)count;
            if (count == 0)
            {
                symbol += ZeroRun(ref reader, counts.Length - symbol);
            }
        }

        return symbol;
    }

    // How many more symbols do not occur, in groups of up to three.
    private static int ZeroRun(ref ForwardBitReader reader, int most)
    {
        int run = 0;
        int group;
        do
        {
            group = reader.Read(2);
            run += group;
            if (run > most)
            {
                throw ZstandardException.Malformed("a distribution over more symbols than there are");
            }
        }
        while (group == 3);
        return run;
    }
}
