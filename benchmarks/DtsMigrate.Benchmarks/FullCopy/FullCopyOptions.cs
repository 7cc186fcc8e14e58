using System.Globalization;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>Arguments of <c>full-copy</c>.</summary>
/// <param name="Rows">Rows of each table.</param>
/// <param name="Rounds">How often every contender runs.</param>
/// <param name="Only">Only contenders whose name holds this; null for all.</param>
/// <param name="Json">JSON instead of a table.</param>
internal sealed record FullCopyOptions(int Rows = 250_000, int Rounds = 3, string? Only = null, bool Json = false)
{
    private const int MostRows = 100_000_000;
    private const int MostRounds = 100;

    /// <exception cref="UsageException">An argument is unknown or out of its range.</exception>
    public static FullCopyOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new FullCopyOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--rows" => options with { Rows = Number(arguments, ++i, MostRows) },
                "--rounds" => options with { Rounds = Number(arguments, ++i, MostRounds) },
                "--only" => options with { Only = ++i < arguments.Count ? arguments[i] : throw new UsageException("--only takes a part of a contender's name.") },
                "--json" => options with { Json = true },
                var unknown => throw new UsageException($"'{unknown}' is not an argument of full-copy."),
            };
        }

        return options;
    }

    private static int Number(IReadOnlyList<string> arguments, int index, int most) =>
        index < arguments.Count
        && int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 && number <= most
            ? number
            : throw new UsageException($"{arguments[index - 1]} takes a number from 1 to {most}.");
}
