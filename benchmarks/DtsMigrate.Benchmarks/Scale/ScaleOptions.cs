namespace DtsMigrate.Benchmarks.Scale;

/// <summary>Arguments of <c>scale</c>.</summary>
/// <param name="Gigabytes">Sizes of one table; empty for none.</param>
/// <param name="Tables">Number of small tables; null for none.</param>
/// <param name="Narrow">Rows of two numbers instead of about 190 bytes.</param>
/// <param name="Json">File for all that was measured; null for none.</param>
/// <param name="Worker">The engine's program; null for what was built with this one.</param>
internal sealed record ScaleOptions(IReadOnlyList<int> Gigabytes, int? Tables = null, bool Narrow = false, string? Json = null, string? Worker = null)
{
    private const int MostGigabytes = 10_000;
    private const int MostTables = 1_000_000;

    /// <exception cref="UsageException">An argument is unknown or out of its range.</exception>
    public static ScaleOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ScaleOptions([]);
        var reader = new ArgumentReader("scale", arguments);
        while (reader.Next() is { } argument)
        {
            options = argument switch
            {
                "--gigabytes" => options with { Gigabytes = [.. reader.Numbers(1, MostGigabytes).Order()] },
                "--tables" => options with { Tables = reader.Number(1, MostTables) },
                "--narrow" => options with { Narrow = true },
                "--json" => options with { Json = reader.Text() },
                "--worker" => options with { Worker = reader.Text() },
                _ => throw reader.Unknown(),
            };
        }

        return options.Gigabytes.Count > 0 || options.Tables is not null ? options : throw new UsageException("scale takes --gigabytes or --tables.");
    }
}
