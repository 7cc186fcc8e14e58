using System.Globalization;
using System.Text;

namespace DtsMigrate.Engine.Report;

/// <summary>The states of a task as one bar over time, inline SVG.</summary>
internal static class SvgTimeline
{
    private const double Width = 760;

    /// <summary>Style class of a state.</summary>
    public static string Class(string state) => state switch
    {
        "Prechecking" or "Ready" or "Starting" => "s-prepare",
        "Schema" => "s-schema",
        "FullCopy" => "s-copy",
        "CatchingUp" => "s-catch",
        "Replicating" or "Completed" => "s-live",
        "Verifying" or "CuttingOver" => "s-verify",
        "Retrying" => "s-retry",
        "Failed" or "PrecheckFailed" or "Interrupted" => "s-bad",
        _ => "s-rest",
    };

    /// <summary>The bar.</summary>
    public static string Draw(IReadOnlyList<ReportSpan> spans)
    {
        double total = Math.Max(1, (spans[^1].End - spans[0].Start).TotalSeconds);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"bar\" viewBox=\"0 0 {Width} 30\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"States over time\">");
        foreach (ReportSpan span in spans)
        {
            double x = Width * (span.Start - spans[0].Start).TotalSeconds / total;

            // A state of a moment is still to be seen.
            double width = Math.Max(1.5, Width * span.Seconds / total);
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{Class(span.State)}\" x=\"{Math.Min(x, Width - 1.5):0.##}\" y=\"0\" width=\"{width:0.##}\" height=\"30\"><title>{span.State}, {ReportText.Duration(span.Seconds)}</title></rect>");
        }

        return svg.Append("</svg>").ToString();
    }
}
