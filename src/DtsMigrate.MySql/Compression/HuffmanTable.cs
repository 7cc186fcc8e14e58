using System.Numerics;

namespace DtsMigrate.MySql.Compression;

/// <summary>Decoding table of the Huffman code of literals.</summary>
/// <remarks>RFC 8878, section 4.2.</remarks>
internal sealed class HuffmanTable
{
    private const int MaximumLog = 11;
    private const int Symbols = 256;
    private const int WeightsMaximumLog = 6;
    private const int DirectHeader = 128;
    private const int SymbolsPerReload = 5;

    private static readonly uint[] WeightValues = [.. Enumerable.Range(0, MaximumLog + 1).Select(static weight => (uint)weight)];
    private static readonly byte[] WeightBits = new byte[MaximumLog + 1];

    // By the next bits of the stream: symbol in the low byte, length of its code in the high one.
    private readonly ushort[] _entries = new ushort[1 << MaximumLog];
    private readonly FseTable _weightsTable = new();
    private int _log;

    /// <summary>A tree was read since <see cref="Forget"/>.</summary>
    public bool IsSet => _log > 0;

    /// <summary>A frame begins: no tree is known.</summary>
    public void Forget() => _log = 0;

    /// <summary>Reads a tree description.</summary>
    /// <param name="source">Starts with the description.</param>
    /// <returns>Bytes of the description.</returns>
    /// <exception cref="ZstandardException">ZstandardMalformed.</exception>
    public int Read(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            throw ZstandardException.CutOff();
        }

        Span<byte> weights = stackalloc byte[Symbols];
        int header = source[0];
        int length = header < DirectHeader ? header : (header - DirectHeader + 2) / 2;
        if (source.Length <= length)
        {
            throw ZstandardException.CutOff();
        }

        var description = source.Slice(1, length);
        int count = header < DirectHeader ? Compressed(description, weights) : Direct(description, header - DirectHeader + 1, weights);
        Build(weights, count);
        return 1 + length;
    }

    /// <summary>Decodes one stream; it must hold as many symbols as there is room.</summary>
    public void Decode(ReadOnlySpan<byte> source, Span<byte> output)
    {
        var reader = new BackwardBitReader(source);
        ReadOnlySpan<ushort> entries = _entries;
        int log = _log;
        while (output.Length >= SymbolsPerReload)
        {
            reader.Reload();
            output[4] = 0; // one check of the bounds for the five
            output[0] = Symbol(ref reader, entries, log);
            output[1] = Symbol(ref reader, entries, log);
            output[2] = Symbol(ref reader, entries, log);
            output[3] = Symbol(ref reader, entries, log);
            output[4] = Symbol(ref reader, entries, log);
            output = output[SymbolsPerReload..];
        }

        reader.Reload();
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = Symbol(ref reader, entries, log);
        }

        reader.Reload();
        if (!reader.IsAtEnd)
        {
            throw ZstandardException.Malformed("a stream of literals that does not end with its last literal");
        }
    }

    private static byte Symbol(ref BackwardBitReader reader, ReadOnlySpan<ushort> entries, int log)
    {
        ushort entry = entries[(int)reader.Peek(log)];
        reader.Skip(entry >> 8);
        return (byte)entry;
    }

    // Four bits each, the high half first.
    private static int Direct(ReadOnlySpan<byte> source, int count, Span<byte> weights)
    {
        for (int i = 0; i < count; i++)
        {
            weights[i] = (byte)(i % 2 == 0 ? source[i / 2] >> 4 : source[i / 2] & 0x0F);
        }

        return count;
    }

    // Two FSE states in turn, until the bits do not suffice for a next state.
    private int Compressed(ReadOnlySpan<byte> source, Span<byte> weights)
    {
        int consumed = _weightsTable.Read(source, WeightsMaximumLog, WeightValues, WeightBits);
        var entries = _weightsTable.Entries;
        var reader = new BackwardBitReader(source[consumed..]);
        uint state = reader.Read(_weightsTable.Log);
        uint other = reader.Read(_weightsTable.Log);
        int count = 0;
        while (true)
        {
            // Room for this one and the last, and for the weight that is not told.
            if (count > Symbols - 3)
            {
                throw ZstandardException.Malformed("more than 255 Huffman weights");
            }

            var entry = entries[(int)state];
            weights[count++] = (byte)entry.Value;
            state = entry.NextState + reader.Read(entry.StateBits);
            reader.Reload();
            if (reader.IsOverrun)
            {
                weights[count++] = (byte)entries[(int)other].Value;
                return count;
            }

            (state, other) = (other, state);
        }
    }

    /// <summary>A weight w is a code of (log + 1 - w) bits. The last symbol's weight is what fills the table.</summary>
    private void Build(Span<byte> weights, int count)
    {
        Span<int> starts = stackalloc int[MaximumLog + 2];
        int total = 0;
        for (int i = 0; i < count; i++)
        {
            int weight = weights[i];
            if (weight > MaximumLog)
            {
                throw ZstandardException.Malformed($"a Huffman weight of {weight}");
            }

            if (weight > 0)
            {
                total += 1 << (weight - 1);
                starts[weight + 1] += 1 << (weight - 1);
            }
        }

        int log = total == 0 ? 0 : BitOperations.Log2((uint)total) + 1;
        int missing = (1 << log) - total;
        if (log is 0 or > MaximumLog || !BitOperations.IsPow2(missing))
        {
            throw ZstandardException.Malformed("Huffman weights that make no tree");
        }

        int last = BitOperations.Log2((uint)missing) + 1;
        weights[count++] = (byte)last;
        for (int weight = 2; weight < starts.Length; weight++)
        {
            // What the last symbol adds lies behind the others of its weight.
            starts[weight] += starts[weight - 1] + (weight == last + 1 ? missing : 0);
        }

        for (int i = 0; i < count; i++)
        {
            int weight = weights[i];
            if (weight > 0)
            {
                int run = 1 << (weight - 1);
                _entries.AsSpan(starts[weight], run).Fill((ushort)(i | ((log + 1 - weight) << 8)));
                starts[weight] += run;
            }
        }

        _log = log;
    }
}
