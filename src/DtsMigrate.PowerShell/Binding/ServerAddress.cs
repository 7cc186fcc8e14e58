using System.Globalization;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>A server as users write it: <c>host</c>, <c>host:port</c>, <c>::1</c> or <c>[::1]:port</c>.</summary>
internal static class ServerAddress
{
    /// <summary>Takes it apart.</summary>
    /// <returns>The host, and the port where one is given.</returns>
    /// <exception cref="DtsMigrateException">ServerAddressInvalid.</exception>
    public static (string Host, int? Port) Parse(string text, string parameter)
    {
        string trimmed = text.Trim();
        if (trimmed.StartsWith('['))
        {
            int end = trimmed.IndexOf(']', StringComparison.Ordinal);
            string rest = end < 0 ? string.Empty : trimmed[(end + 1)..];
            return end > 1 && (rest.Length == 0 || rest[0] == ':') ? (trimmed[1..end], rest.Length == 0 ? null : Port(rest[1..], text, parameter)) : throw Invalid(text, parameter);
        }

        int colon = trimmed.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || trimmed.IndexOf(':', colon + 1) >= 0)
        {
            return trimmed.Length > 0 ? (trimmed, null) : throw Invalid(text, parameter);
        }

        return colon > 0 ? (trimmed[..colon], Port(trimmed[(colon + 1)..], text, parameter)) : throw Invalid(text, parameter);
    }

    private static int Port(string digits, string text, string parameter) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535 ? port : throw Invalid(text, parameter);

    private static DtsMigrateException Invalid(string text, string parameter) => new("ServerAddressInvalid", $"-{parameter}: '{text}' is not a server.")
    {
        Target = text,
        RecommendedAction = "Give host or host:port with a port of 1 to 65535, for example db1:3307 or [::1]:3306.",
    };
}
