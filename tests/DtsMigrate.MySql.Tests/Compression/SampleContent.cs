using System.Globalization;
using System.Text;

namespace DtsMigrate.MySql.Tests.Compression;

/// <summary>Contents that make compressors use every part of the format.</summary>
internal static class SampleContent
{
    public static readonly string[] Kinds = ["text", "random", "zeros", "rows", "mixed", "skewed", "far"];

    /// <summary>The same bytes for the same kind and length, on every machine.</summary>
    public static byte[] Create(string kind, int length)
    {
        var random = new Generator((uint)(length + kind[0]));
        byte[] bytes = new byte[length];
        switch (kind)
        {
            case "zeros":
                break;
            case "random":
                Fill(bytes, () => random.Next(256));
                break;
            case "skewed":
                Fill(bytes, () => random.Next(16) * random.Next(16) / 9);
                break;
            case "text":
                Text(bytes, i => string.Create(CultureInfo.InvariantCulture, $"{Word(random)} {Word(random)}, {(random.Next(40) == 0 ? i : 7)}\n"));
                break;
            case "rows":
                Text(bytes, i => string.Create(CultureInfo.InvariantCulture, $"({i},'{Word(random)}','2024-05-{random.Next(28) + 1:00}',{random.Next(100000)}),"));
                break;
            case "mixed":
                for (int at = 0; at < length; at += 5000)
                {
                    Create(Kinds[random.Next(4)], 5000).AsSpan(0, Math.Min(5000, length - at)).CopyTo(bytes.AsSpan(at));
                }

                break;
            default: // the second half repeats the first: matches from far away
                Fill(bytes, () => random.Next(256));
                bytes.AsSpan(0, length / 2).CopyTo(bytes.AsSpan(length - (length / 2)));
                break;
        }

        return bytes;
    }

    private static string Word(Generator random) => new string((char)('a' + random.Next(26)), 1 + random.Next(6)) + random.Next(50).ToString(CultureInfo.InvariantCulture);

    private static void Fill(byte[] bytes, Func<int> next)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)next();
        }
    }

    private static void Text(byte[] bytes, Func<int, string> line)
    {
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            byte[] next = Encoding.ASCII.GetBytes(line(i));
            next.AsSpan(0, Math.Min(next.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
            at += next.Length;
        }
    }

    // Not Random: golden frames need the same numbers in every version of the runtime.
    private sealed class Generator(uint seed)
    {
        private uint _state = (seed * 2654435761u) | 1;

        public int Next(int limit)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)limit);
        }
    }
}
