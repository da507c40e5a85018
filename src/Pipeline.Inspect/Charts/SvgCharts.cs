using System.Globalization;
using System.Net;
using System.Text;
using Pipeline.Inspect.Plain;

namespace Pipeline.Inspect.Charts;

/// <summary>One bar, made of parts.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Parts">Its parts, in the order of the series.</param>
/// <param name="Link">Where a click leads, or nothing.</param>
internal sealed record Bar(string Label, IReadOnlyList<double> Parts, string? Link = null)
{
    public double Total => Parts.Sum();
}

/// <summary>A part that all bars of a chart have.</summary>
internal sealed record Series(string Name, string Color);

/// <summary>
/// Charts as SVG of their own, without script or style sheet, so that they can be saved as pictures. All text in them is
/// encoded here. Text has the colour of its surroundings.
/// </summary>
internal static class SvgCharts
{
    private const int RowHeight = 24;
    private const string Font = "font-family=\"system-ui, sans-serif\" font-size=\"12\"";

    /// <summary>Bars one under the other, for names. Several series are shares of the whole bar.</summary>
    public static string Rows(string title, IReadOnlyList<Series> series, IReadOnlyList<Bar> bars)
    {
        const int Width = 560, Left = 186, Right = 60;
        var shares = series.Count > 1;
        var top = shares ? 28 : 4;
        var height = top + Math.Max(1, bars.Count) * RowHeight + 4;
        var svg = Open(title, Width, height);
        if (shares)
            Legend(svg, series, Left);
        var most = bars.Count == 0 ? 1 : Math.Max(1e-9, bars.Max(bar => bar.Total));
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            var y = top + i * RowHeight;
            if (bar.Link is { } link)
                svg.Append(CultureInfo.InvariantCulture, $"<a href=\"{Encode(link)}\">");
            svg.Append("<g>");
            Tip(svg, bar, series);
            Text(svg, Left - 8, y + 16, "end", VisibleText.Short(bar.Label, 22));
            double x = Left;
            for (var s = 0; s < series.Count; s++)
            {
                var width = bar.Parts[s] / (shares ? Math.Max(1e-9, bar.Total) : most) * (Width - Left - Right);
                Rect(svg, x, y + 4, width, RowHeight - 8, series[s].Color);
                x += width;
            }

            Text(svg, x + 6, y + 16, "start", Number(bar.Total));
            svg.Append("</g>");
            if (bar.Link is not null)
                svg.Append("</a>");
        }

        if (bars.Count == 0)
            Text(svg, Left, top + 16, "start", "nothing to show");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Bars side by side, for times and ranges.</summary>
    public static string Columns(string title, IReadOnlyList<Series> series, IReadOnlyList<Bar> bars)
    {
        const int Width = 560, Height = 220, Left = 46, Bottom = 26;
        var top = series.Count > 1 ? 28 : 10;
        var svg = Open(title, Width, Height);
        if (series.Count > 1)
            Legend(svg, series, Left);
        if (bars.Count == 0)
        {
            Text(svg, Left, top + 20, "start", "nothing to show");
            return svg.Append("</svg>").ToString();
        }

        var most = Nice(bars.Max(bar => bar.Total));
        var room = Height - top - Bottom;
        foreach (var step in (double[])[0, 0.5, 1])
        {
            var y = top + room * (1 - step);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - 4}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"currentColor\" stroke-opacity=\"0.18\"/>");
            Text(svg, Left - 6, y + 4, "end", Number(most * step));
        }

        var slot = (double)(Width - Left - 8) / bars.Count;
        var every = (int)Math.Ceiling(bars.Max(bar => bar.Label.Length + 1) * 7.2 / slot);
        for (var i = 0; i < bars.Count; i++)
        {
            var x = Left + 4 + i * slot;
            double y = Height - Bottom;
            svg.Append("<g>");
            Tip(svg, bars[i], series);
            for (var s = 0; s < series.Count; s++)
            {
                var height = bars[i].Parts[s] / most * room;
                y -= height;
                Rect(svg, x + slot * 0.1, y, Math.Max(0.8, slot * 0.8), height, series[s].Color);
            }

            svg.Append("</g>");
            if (i % every == 0)
                Text(svg, x + slot / 2, Height - 8, "middle", bars[i].Label);
        }

        return svg.Append("</svg>").ToString();
    }

    private static StringBuilder Open(string title, int width, int height) => new StringBuilder(4096)
        .Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"100%\" style=\"max-width:{width}px\" role=\"img\" aria-label=\"{Encode(title)}\" {Font}>")
        .Append("<title>").Append(Encode(title)).Append("</title>");

    private static void Legend(StringBuilder svg, IReadOnlyList<Series> series, int left)
    {
        double x = left;
        foreach (var one in series)
        {
            Rect(svg, x, 6, 11, 11, one.Color);
            Text(svg, x + 16, 16, "start", one.Name);
            x += 32 + one.Name.Length * 6.6;
        }
    }

    private static void Tip(StringBuilder svg, Bar bar, IReadOnlyList<Series> series)
    {
        var parts = series.Count > 1 ? ": " + string.Join(", ", series.Select((s, i) => $"{s.Name} {Number(bar.Parts[i])}")) : $": {Number(bar.Total)}";
        svg.Append("<title>").Append(Encode(bar.Label + parts)).Append("</title>");
    }

    private static void Rect(StringBuilder svg, double x, double y, double width, double height, string color) =>
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(0, width):0.##}\" height=\"{Math.Max(0, height):0.##}\" fill=\"{color}\"/>");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" fill=\"currentColor\">").Append(Encode(text)).Append("</text>");

    private static string Encode(string text) => WebUtility.HtmlEncode(VisibleText.Of(text));

    private static string Number(double value) => value >= 10 || value == Math.Floor(value)
        ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : value.ToString("0.##", CultureInfo.InvariantCulture);

    private static double Nice(double most)
    {
        if (most <= 0)
            return 1;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(most)));
        foreach (var step in (double[])[1, 2, 4, 5, 6, 8, 10])
        {
            if (most <= step * unit)
                return Math.Max(2, step * unit);
        }

        return 10 * unit;
    }
}
