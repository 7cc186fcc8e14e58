using System.Globalization;
using System.Text;

namespace DtsMigrate.Engine.Report;

/// <summary>Line charts over time as inline SVG. Colours come from the page's style, so that light and dark both work.</summary>
internal static class SvgChart
{
    private const double Width = 760;
    private const double Height = 190;
    private const double Left = 52;
    private const double Right = 10;
    private const double Top = 10;
    private const double Bottom = 24;

    /// <summary>A chart.</summary>
    /// <param name="title">What it shows, for those who cannot see it.</param>
    /// <param name="times">Times of the points, rising.</param>
    /// <param name="lines">Lines with their style class; NaN is a gap.</param>
    public static string Draw(string title, IReadOnlyList<DateTimeOffset> times, params (string Class, IReadOnlyList<double> Values)[] lines)
    {
        double top = Nice(lines.SelectMany(static line => line.Values).Where(double.IsFinite).DefaultIfEmpty(0).Max());
        double span = Math.Max(1, (times[^1] - times[0]).TotalSeconds);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<div class=\"wide\"><svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{ReportText.Html(title)}\">");
        for (int i = 0; i <= 4; i++)
        {
            double y = Y(top * i / 4, top);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Left - 6}\" y=\"{y + 3.5:0.#}\" text-anchor=\"end\">{ReportText.Short(top * i / 4)}</text>");
        }

        bool days = span > 2 * 86400;
        for (int i = 0; i <= 5; i++)
        {
            DateTimeOffset time = times[0].AddSeconds(span * i / 5).ToUniversalTime();
            string label = time.ToString(days ? "MM-dd HH:mm" : span < 600 ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
            string anchor = i == 0 ? "start" : i == 5 ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Left + ((Width - Left - Right) * i / 5):0.#}\" y=\"{Height - 6}\" text-anchor=\"{anchor}\">{label}</text>");
        }

        foreach ((string style, IReadOnlyList<double> values) in lines)
        {
            foreach (List<(double X, double Y)> piece in Pieces(times, values, span, top))
            {
                string path = string.Join(' ', piece.Select(static (point, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{point.X:0.#} {point.Y:0.#}")));
                string floor = string.Create(CultureInfo.InvariantCulture, $"L{piece[^1].X:0.#} {Y(0, top):0.#} L{piece[0].X:0.#} {Y(0, top):0.#} Z");
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"area {style}\" d=\"{path} {floor}\"/><path class=\"line {style}\" d=\"{path}\"/>");
            }
        }

        return svg.Append("</svg></div>").ToString();
    }

    private static IEnumerable<List<(double X, double Y)>> Pieces(IReadOnlyList<DateTimeOffset> times, IReadOnlyList<double> values, double span, double top)
    {
        var piece = new List<(double, double)>();
        for (int i = 0; i <= values.Count; i++)
        {
            if (i < values.Count && double.IsFinite(values[i]))
            {
                piece.Add((Left + ((Width - Left - Right) * (times[i] - times[0]).TotalSeconds / span), Y(values[i], top)));
            }
            else if (piece.Count > 0)
            {
                yield return piece;
                piece = [];
            }
        }
    }

    private static double Y(double value, double top) => Top + ((Height - Top - Bottom) * (1 - (value / top)));

    /// <summary>The least round number that is not below the value: 1, 2, 4, 5 or 8 times a power of ten.</summary>
    internal static double Nice(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (double step in (ReadOnlySpan<double>)[1, 2, 4, 5, 8])
        {
            if (value <= step * power * 1.0000001)
            {
                return step * power;
            }
        }

        return 10 * power;
    }
}
