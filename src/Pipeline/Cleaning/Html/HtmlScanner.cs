namespace Pipeline.Cleaning.Html;

/// <summary>Cuts an HTML page into the lines of its article.</summary>
internal static class HtmlScanner
{
    private const int NearLines = 30;
    private const int LongestNearLine = 120;

    /// <summary>The article's lines, and short lines shortly before them, where a date may stand.</summary>
    public static (LineBuffer Lines, IReadOnlyList<string> Near) Scan(PageTree tree, string? description, bool keepAll)
    {
        var page = PageLines.Of(tree);
        if (keepAll)
            return (page.Buffer, []);
        var kept = BodyFinder.Find(tree, page, description);
        var near = NearBody(page.Buffer, kept);
        var lines = page.Buffer.Lines;
        for (var i = 0; i < kept.Count; i++)
            lines[i] = lines[kept[i]];
        lines.RemoveRange(kept.Count, lines.Count - kept.Count);
        return (page.Buffer, near);
    }

    private static List<string> NearBody(LineBuffer buffer, List<int> kept)
    {
        var near = new List<string>();
        if (kept.Count == 0)
            return near;
        for (var i = Math.Max(0, kept[0] - NearLines); i < kept[0] + 3 && i < buffer.Lines.Count; i++)
        {
            var line = buffer[buffer.Lines[i]];
            if (line.Length <= LongestNearLine && line.IndexOfAnyInRange('0', '9') >= 0
                && (LineShapes.IsDateLine(line) || line.Contains("publish", StringComparison.OrdinalIgnoreCase)
                    || line.Contains("posted", StringComparison.OrdinalIgnoreCase)))
                near.Add(line.ToString());
        }

        return near;
    }
}
