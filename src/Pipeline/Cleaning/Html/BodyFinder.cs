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

    /// <summary>From this share of the running text on an element that calls itself the body is believed.</summary>
    private const double BodyShare = 0.6;

    private readonly PageTree _tree;
    private readonly PageLines _lines;
    private readonly LineStats[] _stats;
    private readonly bool[] _dropped;
    private readonly long[] _proseUpTo;
    private readonly HashSet<int> _proseBlocks = [];

    // Running text by the element that holds it and by that element's parent.
    private readonly Dictionary<int, int> _mass = [];
    private int _largestMass;

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
            if (IsProse(i))
                _proseBlocks.Add(lines.Origins[i].Block);
        }
    }

    private void WeighElements()
    {
        for (var i = 0; i < _stats.Length; i++)
        {
            if (_dropped[i] || !IsProse(i))
                continue;
            var block = _lines.Origins[i].Block;
            AddMass(_tree.Nodes[block].Parent, _stats[i].Length);
            if (_tree.Nodes[block].Tag != Tag.P)
                AddMass(block, _stats[i].Length);
        }
    }

    private void AddMass(int element, int length)
    {
        var mass = _mass.GetValueOrDefault(element) + length;
        _mass[element] = mass;
        _largestMass = Math.Max(_largestMass, mass);
    }

    /// <summary>How much of a line's worth counts: less in an element with little running text, as in a list of teasers.</summary>
    private double Company(int line)
    {
        var block = _lines.Origins[line].Block;
        var mass = Math.Max(_mass.GetValueOrDefault(block), _mass.GetValueOrDefault(_tree.Nodes[block].Parent));
        return Math.Clamp(4.0 * mass / Math.Max(1, _largestMass), 0.15, 1);
    }

    /// <summary>The lines of the article's element, those outside it and inside its boilerplate elements left out.</summary>
    public static List<int> Find(PageTree tree, PageLines lines)
    {
        var finder = new BodyFinder(tree, lines);
        finder.DropBoilerplate();
        finder.WeighElements();
        var (first, end) = finder.FindBody();
        var kept = new List<int>(end - first);
        for (var i = first; i < end; i++)
        {
            if (finder._dropped[i] || finder.IsLinkLine(i))
                continue;
            finder.Protect(i);
            kept.Add(i);
        }

        return kept;
    }

    /// <summary>Rows of a table and quotations in the body are no boilerplate, however they look.</summary>
    private void Protect(int line)
    {
        var origin = _lines.Origins[line];
        var lines = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lines.Buffer.Lines);
        var node = origin.Block;
        for (var up = 0; up < 4 && node > 0 && !lines[line].IsProtected; up++, node = _tree.Nodes[node].Parent)
            lines[line].IsProtected = _tree.Nodes[node].Tag is Tag.Blockquote or Tag.Pre;
        lines[line].IsProtected |= origin.InTable && LinkShare(line) < 0.5;
    }

    private bool IsProse(int line) => _stats[line].IsProse && LinkShare(line) < 0.5;

    private double LinkShare(int line) => (double)_lines.Origins[line].LinkChars / Math.Max(1, _stats[line].Length);

    /// <summary>A line that is nothing but a link, unless its element has running text too.</summary>
    private bool IsLinkLine(int line) =>
        LinkShare(line) > 0.8 && !_lines.Origins[line].InTable && _lines.Buffer.Lines[line].HeadingLevel == 0
        && !(_stats[line].IsProse && _stats[line].Length > 120)
        && !_proseBlocks.Contains(_lines.Origins[line].Block);

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
        // The classes of a blog's article list its subjects.
        if (tag is Tag.Article)
            return IsInside(node, Tag.Article);
        if (tag is Tag.P or Tag.H1 or Tag.H2 or Tag.H3)
            good += 2;
        return bad < 0 && good + bad <= DroppedFrom;
    }

    private bool IsInside(int node, Tag tag)
    {
        for (var up = _tree.Nodes[node].Parent; up > 0; up = _tree.Nodes[up].Parent)
        {
            if (_tree.Nodes[up].Tag == tag)
                return true;
        }

        return false;
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

        best = Narrow(best);
        return (_lines.FirstLineFrom(best), _lines.FirstLineFrom(nodes[best].End));
    }

    /// <summary>An element inside that calls itself the article's body and holds most of the running text is the body.</summary>
    private int Narrow(int best)
    {
        var nodes = _tree.Nodes;
        var all = Prose(best);
        for (var i = best + 1; i < nodes[best].End; i++)
        {
            if (nodes[i].Tag == Tag.Text || nodes[i].End == i + 1 || !CallsItselfBody(i))
                continue;
            if (Prose(i) >= all * BodyShare)
            {
                best = i;
                all = Prose(i);
            }
        }

        return best;
    }

    private bool CallsItselfBody(int node)
    {
        if (_tree.Nodes[node].Source.Length < 8)
            return false;
        if (_tree.TryGetAttribute(node, "itemprop", out var item) && item.Contains("articleBody", StringComparison.OrdinalIgnoreCase))
            return true;
        return (_tree.TryGetAttribute(node, "class", out var value) && ElementCues.Weigh(value) is (>= 4, > -3))
            || (_tree.TryGetAttribute(node, "id", out value) && ElementCues.Weigh(value) is (>= 4, > -3));
    }

    private double Prose(int node)
    {
        double sum = 0;
        var end = _lines.FirstLineFrom(_tree.Nodes[node].End);
        for (var i = _lines.FirstLineFrom(node); i < end; i++)
            sum += !_dropped[i] && IsProse(i) ? _stats[i].Length * Company(i) : 0;
        return sum;
    }

    private double Worth(int line)
    {
        ref readonly var s = ref _stats[line];
        var link = LinkShare(line);
        var company = Company(line);
        if (IsProse(line) && !IsCutOff(line))
            return s.Length * (1 - link) * company;

        // Among running text a short line or a link is nothing strange.
        return (-(_lines.Buffer.Lines[line].HeadingLevel > 0 ? 5 : 20) - (link * s.Length)) * (1.1 - company);
    }

    /// <summary>A teaser ends in mid-sentence.</summary>
    private bool IsCutOff(int line)
    {
        var text = _lines.Buffer[_lines.Buffer.Lines[line]].TrimEnd(" ])»>");
        return text.EndsWith("...", StringComparison.Ordinal) || text.EndsWith("…", StringComparison.Ordinal);
    }
}
