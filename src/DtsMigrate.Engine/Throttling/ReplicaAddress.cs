using System.Globalization;

namespace DtsMigrate.Engine.Throttling;

/// <summary>Host and port of a replica: <c>db2:3306</c>, <c>[::1]:3306</c>, or a host alone for port 3306.</summary>
internal static class ReplicaAddress
{
    private const int DefaultPort = 3306;

    /// <summary>Reads an address; null when it is none.</summary>
    public static (string Host, int Port)? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        bool bracketed = text.StartsWith('[');
        if (bracketed ? text.EndsWith(']') : colon < 0)
        {
            return Host(text) is { } alone ? (alone, DefaultPort) : null;
        }

        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535
            && Host(text[..colon]) is { } host
            ? (host, port)
            : null;
    }

    private static string? Host(string text)
    {
        string host = text is ['[', .. var inner, ']'] ? inner : text.Contains(':', StringComparison.Ordinal) ? string.Empty : text;
        return host.Length > 0 && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '/' or '\\' or '@' or '?' or '#' or '[' or ']') ? host : null;
    }
}
