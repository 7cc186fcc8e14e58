using System.Globalization;
using System.Net;

namespace DtsMigrate.Engine.Report;

/// <summary>Numbers, times and texts as a report writes them, the same in every culture.</summary>
internal static class ReportText
{
    public static string Html(string? text) => WebUtility.HtmlEncode(text ?? string.Empty);

    /// <summary>A cell of a Markdown table: one line, no cell of its own inside.</summary>
    public static string Cell(string? text) => (text ?? string.Empty).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");

    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Percent(double? value) => value is { } share ? share.ToString("0.#", CultureInfo.InvariantCulture) + " %" : "–";

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Duration(double? seconds) => seconds switch
    {
        null => "–",
        >= 86400 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 86400)} d {(int)(seconds % 86400 / 3600)} h"),
        >= 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)} h {(int)(seconds % 3600 / 60)} min"),
        >= 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {(int)(seconds % 60)} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
    };

    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        int unit = 0;
        while (bytes >= 1000 && unit < units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>A number with k, M, G for an axis.</summary>
    public static string Short(double value) => value switch
    {
        >= 1e9 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
