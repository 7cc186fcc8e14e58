using System.Globalization;

namespace DtsMigrate.Quickstart;

/// <summary>Command line of the quickstart.</summary>
/// <param name="Rows">Rows of the sample shop.</param>
/// <param name="Changes">Changes that must have been applied before the writer is stopped.</param>
/// <param name="Json">Print one JSON object as the last line, and nothing colourful before it.</param>
internal sealed record QuickstartOptions(long Rows, long Changes, bool Json)
{
    public const string Usage =
        """
        Migrates a sample shop between two MySQL servers while it is being written to, and compares both sides.

          --rows N       rows of the shop (default 500000)
          --changes N    changes to apply before the writer stops (default 25000)
          --json         print one JSON object as the last line
          --help         this text
        """;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It is not understood; the message says what.</exception>
    public static QuickstartOptions? Parse(string[] args)
    {
        var options = new QuickstartOptions(500_000, 25_000, Json: false);
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--rows":
                    options = options with { Rows = Number(args, ++i) };
                    break;
                case "--changes":
                    options = options with { Changes = Number(args, ++i) };
                    break;
                case "--help" or "-h":
                    return null;
                default:
                    throw new FormatException($"'{args[i]}' is not an option.");
            }
        }

        return options;
    }

    private static long Number(string[] args, int index) =>
        index < args.Length && long.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value is >= 100 and <= 1_000_000_000
            ? value
            : throw new FormatException($"{args[index - 1]} takes a number from 100 to 1000000000.");
}
