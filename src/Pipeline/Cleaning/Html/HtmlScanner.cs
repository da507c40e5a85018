namespace Pipeline.Cleaning.Html;

/// <summary>Cuts an HTML page into the lines of its article.</summary>
internal static class HtmlScanner
{
    public static LineBuffer Scan(PageTree tree, string? description, bool keepAll)
    {
        var page = PageLines.Of(tree);
        if (keepAll)
            return page.Buffer;
        var kept = BodyFinder.Find(tree, page, description);
        var lines = page.Buffer.Lines;
        for (var i = 0; i < kept.Count; i++)
            lines[i] = lines[kept[i]];
        lines.RemoveRange(kept.Count, lines.Count - kept.Count);
        return page.Buffer;
    }
}
