using System.Diagnostics;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using DtsMigrate.MySql.Compression;

namespace DtsMigrate.Benchmarks.Micro;

/// <summary>Decompressing rows as text, per MiB of content; they are compressed by the command <c>zstd</c>, which must be on PATH.</summary>
public class ZstandardBenchmarks : IDisposable
{
    private const int Mebibytes = 16;

    private readonly byte[] _output = new byte[64 << 10];
    private readonly ZstandardDecoder _decoder = new();
    private byte[] _frame = [];

    /// <summary>Compression level; 3 is what a MySQL source uses.</summary>
    [Params(1, 3, 19)]
    public int Level { get; set; }

    /// <summary>Compresses the sample.</summary>
    [GlobalSetup]
    public void Compress()
    {
        var random = new Random(1);
        var content = new StringBuilder();
        while (content.Length < Mebibytes << 20)
        {
            content.Append(CultureInfo.InvariantCulture, $"{content.Length},{random.Next(1000)},customer {random.Next()},note for the neighbours,{random.NextInt64():x16}\n");
        }

        content.Length = Mebibytes << 20;
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content.ToString());
            using var zstd = Process.Start(new ProcessStartInfo("zstd", ["-q", "-c", $"-{Level}", file]) { RedirectStandardOutput = true })!;
            using var output = new MemoryStream();
            zstd.StandardOutput.BaseStream.CopyTo(output);
            zstd.WaitForExit();
            _frame = output.ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Decompresses it into a small buffer, again and again.</summary>
    [Benchmark(OperationsPerInvoke = Mebibytes)]
    public long Decompress()
    {
        long total = 0;
        ReadOnlySpan<byte> rest = _frame;
        while (!rest.IsEmpty || !_decoder.IsBetweenFrames)
        {
            _decoder.Decompress(rest, _output, out var consumed, out var written);
            rest = rest[consumed..];
            total += written;
        }

        return total;
    }

    /// <summary>Gives the buffers back.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _decoder.Dispose();
        GC.SuppressFinalize(this);
    }
}
