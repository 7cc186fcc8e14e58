using System.Globalization;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Session;

/// <summary>Reads the version text of the greeting.</summary>
internal static class ServerVersionParser
{
    /// <exception cref="MySqlProtocolException">The text does not start with a number.</exception>
    public static ServerVersion Parse(string text)
    {
        // MariaDB behind an old greeting calls itself 5.5.5-10.x.
        string[] parts = text.Split('.', 3);
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            ? new ServerVersion(major, Number(parts, 1), Number(parts, 2), text)
            : throw new MySqlProtocolException($"The server version {Shown(text)} does not start with a number.");
    }

    private static int Number(string[] parts, int index)
    {
        if (index >= parts.Length)
        {
            return 0;
        }

        int digits = 0;
        while (digits < parts[index].Length && char.IsAsciiDigit(parts[index][digits]))
        {
            digits++;
        }

        return int.TryParse(parts[index].AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40];
}
