using DtsMigrate.Benchmarks.Data;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>Arguments of <c>full-copy</c>.</summary>
/// <param name="Sets">Numbers of the data sets.</param>
/// <param name="Scale">Size of the sets; 1 is the whole.</param>
/// <param name="Rounds">How often every contender runs.</param>
/// <param name="Only">Only contenders whose name holds one of these; empty for all.</param>
/// <param name="Json">File for all that was measured; null for none.</param>
/// <param name="Worker">The engine's program; null for what was built with this one.</param>
internal sealed record FullCopyOptions(IReadOnlyList<int> Sets, double Scale = 0.25, int Rounds = 3, IReadOnlyList<string>? Only = null, string? Json = null, string? Worker = null)
{
    private const double LargestScale = 100;
    private const int MostRounds = 100;

    /// <exception cref="UsageException">An argument is unknown or out of its range.</exception>
    public static FullCopyOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new FullCopyOptions([1]);
        var reader = new ArgumentReader("full-copy", arguments);
        while (reader.Next() is { } argument)
        {
            options = argument switch
            {
                "--set" => options with { Sets = reader.Numbers(DataSet.Numbers.Min(), DataSet.Numbers.Max()) },
                "--scale" => options with { Scale = reader.Fraction(LargestScale) },
                "--rounds" => options with { Rounds = reader.Number(1, MostRounds) },
                "--only" => options with { Only = [.. options.Only ?? [], reader.Text()] },
                "--json" => options with { Json = reader.Text() },
                "--worker" => options with { Worker = reader.Text() },
                _ => throw reader.Unknown(),
            };
        }

        return options;
    }
}
