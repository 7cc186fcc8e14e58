namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>Arguments of <c>incremental</c>.</summary>
/// <param name="Workloads">Letters of the workloads.</param>
/// <param name="Scale">Their size; 1 is the whole.</param>
/// <param name="Only">Only contenders whose name holds one of these; empty for all.</param>
/// <param name="LagSeconds">How long the lag under a steady load is measured; 0 for not at all.</param>
/// <param name="Json">File for all that was measured; null for none.</param>
internal sealed record IncrementalOptions(string Workloads = "ABCD", double Scale = 0.25, IReadOnlyList<string>? Only = null, int LagSeconds = 20, string? Json = null)
{
    private const double LargestScale = 100;
    private const int LongestLag = 3600;

    /// <exception cref="UsageException">An argument is unknown or out of its range.</exception>
    public static IncrementalOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new IncrementalOptions();
        var reader = new ArgumentReader("incremental", arguments);
        while (reader.Next() is { } argument)
        {
            options = argument switch
            {
                "--workload" => options with { Workloads = Letters(reader.Text()) },
                "--scale" => options with { Scale = reader.Fraction(LargestScale) },
                "--only" => options with { Only = [.. options.Only ?? [], reader.Text()] },
                "--lag" => options with { LagSeconds = reader.Number(0, LongestLag) },
                "--json" => options with { Json = reader.Text() },
                _ => throw reader.Unknown(),
            };
        }

        return options;
    }

    private static string Letters(string text)
    {
        string letters = text.Replace(",", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        return letters.Length > 0 && letters.All(letter => letter is >= 'A' and <= 'D') ? letters : throw new UsageException("--workload takes letters from A to D.");
    }
}
