namespace Pipeline.Cleaning.Html;

/// <summary>
/// Finds the element of a page that holds the article and drops what is none of it. Every line has a worth (running
/// text for, menus and links against); the body is the element whose lines are worth most together.
/// </summary>
internal sealed class BodyFinder
{
    /// <summary>A cue does not drop an element that holds more than this share of the page's running text.</summary>
    private const double LargeShare = 0.3;

    private const int DroppedFrom = -3;

    private readonly PageTree _tree;
    private readonly PageLines _lines;
    private readonly LineStats[] _stats;
    private readonly bool[] _dropped;
    private readonly long[] _proseUpTo;

    private BodyFinder(PageTree tree, PageLines lines)
    {
        _tree = tree;
        _lines = lines;
        var count = lines.Buffer.Lines.Count;
        _stats = new LineStats[count];
        _dropped = new bool[count];
        _proseUpTo = new long[count + 1];
        for (var i = 0; i < count; i++)
        {
            _stats[i] = LineStats.Measure(lines.Buffer[lines.Buffer.Lines[i]], NoisePhrases.Default);
            _proseUpTo[i + 1] = _proseUpTo[i] + (IsProse(i) ? _stats[i].Length : 0);
        }
    }

    /// <summary>The lines of the article's element, those outside it and inside its boilerplate elements left out.</summary>
    public static List<int> Find(PageTree tree, PageLines lines)
    {
        var finder = new BodyFinder(tree, lines);
        finder.DropBoilerplate();
        var (first, end) = finder.FindBody();
        var kept = new List<int>(end - first);
        for (var i = first; i < end; i++)
        {
            if (!finder._dropped[i] && !finder.IsLinkLine(i))
                kept.Add(i);
        }

        return kept;
    }

    private bool IsProse(int line) => _stats[line].IsProse && LinkShare(line) < 0.5;

    private double LinkShare(int line) => (double)_lines.Origins[line].LinkChars / Math.Max(1, _stats[line].Length);

    private bool IsLinkLine(int line) =>
        LinkShare(line) > 0.8 && !_lines.Origins[line].InTable && _lines.Buffer.Lines[line].HeadingLevel == 0 && !IsLinkInText(line);

    /// <summary>A paragraph that is one link, between paragraphs that are none.</summary>
    private bool IsLinkInText(int line) => _stats[line].IsProse && _stats[line].Length > 120;

    private void DropBoilerplate()
    {
        var nodes = _tree.Nodes;
        var all = Math.Max(1, _proseUpTo[^1]);
        for (var i = 1; i < nodes.Length; i++)
        {
            ref readonly var node = ref nodes[i];
            if (node.Tag == Tag.Text || node.End == i + 1 || node.Tag is Tag.Html or Tag.Body or Tag.Main)
                continue;
            if (!IsBoilerplate(i, node.Tag))
                continue;
            var first = _lines.FirstLineFrom(i);
            var end = _lines.FirstLineFrom(node.End);
            if (_proseUpTo[end] - _proseUpTo[first] > all * LargeShare)
                continue;
            Array.Fill(_dropped, true, first, end - first);
            i = node.End - 1;
        }
    }

    private bool IsBoilerplate(int node, Tag tag)
    {
        if (tag is Tag.Nav or Tag.Footer or Tag.Aside or Tag.Figcaption or Tag.Form or Tag.Menu or Tag.Label)
            return true;
        if (_tree.Nodes[node].Source.Length < 6)
            return false;
        int good = 0, bad = 0;
        if (_tree.TryGetAttribute(node, "class", out var value))
            (good, bad) = ElementCues.Weigh(value);
        if (_tree.TryGetAttribute(node, "id", out value))
        {
            var (alsoGood, alsoBad) = ElementCues.Weigh(value);
            good = Math.Max(good, alsoGood);
            bad += alsoBad;
        }

        if (_tree.TryGetAttribute(node, "role", out value) && value is "navigation" or "banner" or "contentinfo"
            or "complementary" or "search" or "dialog" or "alert" or "alertdialog" or "menu" or "menubar" or "toolbar")
            bad -= 5;
        if (tag is Tag.Article or Tag.P or Tag.H1 or Tag.H2 or Tag.H3)
            good += 2;
        return bad < 0 && good + bad <= DroppedFrom;
    }

    private (int First, int End) FindBody()
    {
        var nodes = _tree.Nodes;
        var count = _stats.Length;
        var worth = new double[count + 1];
        for (var i = 0; i < count; i++)
            worth[i + 1] = worth[i] + (_dropped[i] ? 0 : Worth(i));

        var (best, bestWorth) = (0, worth[count]);
        for (var i = 1; i < nodes.Length; i++)
        {
            if (!Tags.Has(nodes[i].Tag, TagTraits.Block) || nodes[i].End == i + 1)
                continue;
            var sum = worth[_lines.FirstLineFrom(nodes[i].End)] - worth[_lines.FirstLineFrom(i)];
            if (sum >= bestWorth)
                (best, bestWorth) = (i, sum);
        }

        return (_lines.FirstLineFrom(best), _lines.FirstLineFrom(nodes[best].End));
    }

    private double Worth(int line)
    {
        ref readonly var s = ref _stats[line];
        var link = LinkShare(line);
        if (_lines.Buffer.Lines[line].HeadingLevel > 0)
            return -5 - (link * s.Length);
        if (IsProse(line))
            return s.Length * (1 - link) * (_lines.Buffer.Lines[line].IsListItem ? 0.7 : 1);
        return -20 - (link * s.Length);
    }
}
