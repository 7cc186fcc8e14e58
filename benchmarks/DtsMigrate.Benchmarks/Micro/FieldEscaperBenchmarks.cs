using System.Text;
using BenchmarkDotNet.Attributes;
using DtsMigrate.Engine.FullCopy;

namespace DtsMigrate.Benchmarks.Micro;

/// <summary>Escaping for LOAD DATA, per row of four fields and about 190 bytes.</summary>
public class FieldEscaperBenchmarks
{
    private const int Rows = 1_000;
    private const int DirtyEvery = 12;

    private readonly byte[][] _plain = [.. Fields().Select(Encoding.UTF8.GetBytes)];
    private readonly byte[][] _dirty = [.. Fields().Select(field => Encoding.UTF8.GetBytes(Spoil(field)))];
    private readonly byte[] _target = new byte[1_024];

    /// <summary>Nothing to escape: the usual row.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public int Plain() => Escape(_plain);

    /// <summary>A tab, newline or backslash every twelve bytes.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public int Dirty() => Escape(_dirty);

    private int Escape(byte[][] fields)
    {
        var written = 0;
        for (var row = 0; row < Rows; row++)
        {
            foreach (var field in fields)
            {
                written += FieldEscaper.ForLoad(field, _target);
            }
        }

        return written;
    }

    private static string[] Fields() =>
        ["123456", "98765", string.Join('-', Enumerable.Repeat("01234567890", 10)), string.Join('-', Enumerable.Repeat("01234567890", 5))];

    private static string Spoil(string field) =>
        string.Concat(field.Select((c, i) => i % DirtyEvery == DirtyEvery - 1 ? "\t\n\\"[i / DirtyEvery % 3] : c));
}
