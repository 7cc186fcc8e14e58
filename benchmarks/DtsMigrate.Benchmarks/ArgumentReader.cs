using System.Globalization;

namespace DtsMigrate.Benchmarks;

/// <summary>Goes through the arguments of a command.</summary>
internal sealed class ArgumentReader(string command, IReadOnlyList<string> arguments)
{
    private int _next;
    private string _current = "";

    /// <summary>The next argument's name; null at the end.</summary>
    public string? Next() => _next < arguments.Count ? _current = arguments[_next++] : null;

    /// <summary>Its value.</summary>
    public string Text() => _next < arguments.Count ? arguments[_next++] : throw new UsageException($"{_current} takes a value.");

    /// <summary>Its value, a number.</summary>
    public int Number(int least, int most) => Number(Text(), least, most);

    /// <summary>Its value, numbers with commas between.</summary>
    public IReadOnlyList<int> Numbers(int least, int most) => [.. Text().Split(',').Select(text => Number(text, least, most)).Distinct()];

    /// <summary>Its value, a number above 0.</summary>
    public double Fraction(double most) =>
        double.TryParse(Text(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{_current} takes a number above 0 and up to {most}."));

    /// <summary>The command does not have the argument.</summary>
    public UsageException Unknown() => new($"'{_current}' is not an argument of {command}.");

    private int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{_current} takes numbers from {least} to {most}.");
}
