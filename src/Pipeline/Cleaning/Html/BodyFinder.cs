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

    /// <summary>From this weight on (comments, consent) even most of the running text may go.</summary>
    private const int CertainFrom = -5;

    private const double VeryLargeShare = 0.8;

    /// <summary>From this share of the running text on an element that calls itself the body is believed.</summary>
    private const double BodyShare = 0.8;

    /// <summary>The same for one that structured data name the body.</summary>
    private const double StatedBodyShare = 0.4;

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
            AddMass(ContainerOf(i), _stats[i].Length);
            var block = _lines.Origins[i].Block;
            if (_tree.Nodes[block].Tag == Tag.Div && _tree.Nodes[block].Parent != 0)
                AddMass(_tree.Nodes[block].Parent, _stats[i].Length);
        }
    }

    /// <summary>The element that holds the paragraphs a line stands among; lists and quotations are looked through.</summary>
    private int ContainerOf(int line)
    {
        var node = _lines.Origins[line].Block;
        while (_tree.Nodes[node].Parent != 0 && _tree.Nodes[node].Tag
            is Tag.P or Tag.Li or Tag.Ul or Tag.Ol or Tag.Blockquote or Tag.Center or Tag.Pre or Tag.Tr or Tag.Tbody or Tag.Table
            or Tag.H2 or Tag.H3 or Tag.H4 or Tag.H5 or Tag.H6)
            node = _tree.Nodes[node].Parent;
        return node;
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
        var container = ContainerOf(line);
        var mass = _mass.GetValueOrDefault(container);
        if (_tree.Nodes[container].Tag == Tag.Div)
            mass = Math.Max(mass, _mass.GetValueOrDefault(_tree.Nodes[container].Parent));
        return Math.Clamp(4.0 * mass / Math.Max(1, _largestMass), 0.15, 1);
    }

    /// <summary>The lines of the article's element, those outside it and inside its boilerplate elements left out.</summary>
    public static List<int> Find(PageTree tree, PageLines lines, string? description)
    {
        var finder = new BodyFinder(tree, lines);
        finder.DropBoilerplate();
        finder.WeighElements();
        var (first, end) = finder.FindBody();
        end = finder.EndOfBody(first, end);
        finder.DropLinkLists(first, end);
        finder.DropDescription(first, end, description);
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

    /// <summary>Where a heading such as "Related stories" ends the body, if what follows is the lesser part.</summary>
    private int EndOfBody(int first, int end)
    {
        double all = 0, before = 0;
        for (var i = first; i < end; i++)
            all += ProseWorth(i);
        for (var i = first; i < end; i++)
        {
            if (!_dropped[i] && before > all * 0.85 && _stats[i].EndsBody
                && (_lines.Buffer.Lines[i].HeadingLevel > 0 || !_proseBlocks.Contains(_lines.Origins[i].Block)))
                return i;
            before += ProseWorth(i);
        }

        return end;
    }

    private double ProseWorth(int line) => !_dropped[line] && IsProse(line) ? _stats[line].Length * Company(line) : 0;

    /// <summary>Drops lists that are mostly links, with the short line over them.</summary>
    private void DropLinkLists(int first, int end)
    {
        var nodes = _tree.Nodes;
        for (var i = first; i < end;)
        {
            if (!_lines.Buffer.Lines[i].IsListItem || _dropped[i])
            {
                i++;
                continue;
            }

            var list = _lines.Origins[i].Block;
            while (list > 0 && nodes[list].Tag is not (Tag.Ul or Tag.Ol))
                list = nodes[list].Parent;
            var stop = Math.Max(i + 1, Math.Min(end, list > 0 ? _lines.FirstLineFrom(nodes[list].End) : i + 1));
            int links = 0, chars = 0;
            for (var k = i; k < stop; k++)
            {
                links += _lines.Origins[k].LinkChars;
                chars += _stats[k].Length;
            }

            if (links * 10 > chars * 6 && chars < 150 * (stop - i))
            {
                Array.Fill(_dropped, true, i, stop - i);
                if (i > first && stop - i > 1 && _stats[i - 1].Length < 60 && !Characters.IsTerminal(_stats[i - 1].Last))
                    _dropped[i - 1] = true;
            }

            i = stop;
        }
    }

    /// <summary>The page's description, set over the body as its summary.</summary>
    private void DropDescription(int first, int end, string? description)
    {
        if (description is not { Length: >= 40 })
            return;
        for (var i = first; i < Math.Min(end, first + 12); i++)
        {
            var line = _lines.Buffer[_lines.Buffer.Lines[i]];
            var most = Math.Min(60, description.Length);
            if (line.Length < description.Length * 2 && line.StartsWith(description.AsSpan(0, most), StringComparison.OrdinalIgnoreCase)
                && _mass.GetValueOrDefault(ContainerOf(i)) < _largestMass)
                _dropped[i] = true;
        }
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
            var cue = Cue(i, node.Tag);
            if (cue > DroppedFrom)
                continue;
            var first = _lines.FirstLineFrom(i);
            var end = _lines.FirstLineFrom(node.End);
            var prose = _proseUpTo[end] - _proseUpTo[first];
            if (prose > all * (cue <= CertainFrom ? VeryLargeShare : LargeShare))
                continue;
            Array.Fill(_dropped, true, first, end - first);
            i = node.End - 1;
        }
    }

    /// <summary>What an element's kind, class, id and role say: the lower, the surer that it is boilerplate.</summary>
    private int Cue(int node, Tag tag)
    {
        if (tag is Tag.Nav or Tag.Footer or Tag.Aside or Tag.Figcaption or Tag.Form or Tag.Menu or Tag.Label)
            return DroppedFrom;

        // The classes of a table's row name its data, those of a blog's article its subjects.
        if (tag is Tag.Tr or Tag.Td or Tag.Th or Tag.Tbody)
            return 0;
        if (tag is Tag.Article)
            return IsInside(node, Tag.Article) ? DroppedFrom : 0;
        if (_tree.Nodes[node].Source.Length < 6)
            return 0;
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
        if (tag is Tag.P or Tag.H1 or Tag.H2 or Tag.H3)
            good += 2;
        return bad < 0 ? good + bad : 0;
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
            if (!Tags.Has(nodes[i].Tag, TagTraits.Block) || nodes[i].End == i + 1
                || nodes[i].Tag is Tag.P or Tag.Li or Tag.Blockquote || Tags.Has(nodes[i].Tag, TagTraits.Heading))
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
            if (nodes[i].Tag == Tag.Text || nodes[i].End == i + 1)
                continue;
            var share = IsStatedBody(i) ? StatedBodyShare : CallsItselfBody(i) ? BodyShare : 0;
            if (share > 0 && Prose(i) >= all * share)
            {
                best = i;
                all = Prose(i);
            }
        }

        return best;
    }

    private bool IsStatedBody(int node) =>
        _tree.Nodes[node].Source.Length >= 20 && _tree.TryGetAttribute(node, "itemprop", out var item)
        && item.Contains("articleBody", StringComparison.OrdinalIgnoreCase);

    private bool CallsItselfBody(int node)
    {
        return _tree.Nodes[node].Source.Length >= 8 && (_tree.TryGetAttribute(node, "class", out var value) && ElementCues.Weigh(value) is (>= 4, > -3)
            || _tree.TryGetAttribute(node, "id", out value) && ElementCues.Weigh(value) is (>= 4, > -3));
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
        if (IsProse(line) && !s.IsCutOff)
            return s.Length * (1 - link) * company;

        if (_lines.Origins[line].InTable && link < 0.5)
            return 0;

        // Among running text a short line or a link is nothing strange.
        return (-(_lines.Buffer.Lines[line].HeadingLevel > 0 ? 5 : 20) - (link * s.Length)) * (1.1 - company);
    }
}
