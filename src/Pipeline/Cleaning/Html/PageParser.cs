namespace Pipeline.Cleaning.Html;

/// <summary>
/// Builds the tree of a page in one pass: what the HTML standard's tree construction does for well-formed pages and
/// for the usual faults (paragraphs, items and cells left open, stray end tags), and within bounds for every other input.
/// Elements nested deeper than <see cref="DeepestLevel"/> are passed over, their text is not.
/// </summary>
internal sealed class PageParser
{
    /// <summary>Deeper than browsers render; keeps every search among the open elements short.</summary>
    internal const int DeepestLevel = 256;

    private readonly string _source;
    private readonly List<PageNode> _nodes;
    private readonly int[] _open = new int[DeepestLevel + 1];
    private readonly int[] _openCount = new int[256];

    // A raw element whose end tag was looked for in vain: no later one of its kind has one either.
    private readonly bool[] _hasNoEnd = new bool[256];
    private int _depth;

    private PageParser(string source)
    {
        _source = source;
        _nodes = new List<PageNode>(Math.Max(64, source.Length / 40)) { new() { Tag = Tag.Root } };
        _depth = 0;
    }

    public static PageTree Parse(string source)
    {
        var parser = new PageParser(source);
        parser.Run();
        return new PageTree(source, parser._nodes);
    }

    private void Run()
    {
        var position = 0;
        while (position < _source.Length)
        {
            var open = _source.AsSpan(position).IndexOf('<');
            if (open < 0)
            {
                AddText(position, _source.Length);
                break;
            }

            open += position;
            AddText(position, open);
            position = ReadMarkup(open);
        }

        CloseTo(0);
        var root = _nodes[0];
        root.End = _nodes.Count;
        _nodes[0] = root;
    }

    private int ReadMarkup(int open)
    {
        var next = open + 1 < _source.Length ? _source[open + 1] : '\0';
        if (char.IsAsciiLetter(next))
            return ReadStartTag(open);
        if (next == '/')
        {
            if (open + 2 < _source.Length && char.IsAsciiLetter(_source[open + 2]))
                return ReadEndTag(open);
            return IndexAfter('>', open + 2);
        }

        if (next == '!')
        {
            if (_source.AsSpan(open).StartsWith("<!--", StringComparison.Ordinal))
            {
                var end = _hasNoEnd[(int)Tag.Other] ? -1 : _source.AsSpan(open + 4).IndexOf("-->", StringComparison.Ordinal);
                if (end >= 0)
                    return open + 4 + end + 3;
                _hasNoEnd[(int)Tag.Other] = true;
            }

            return IndexAfter('>', open + 2);
        }

        if (next == '?')
            return IndexAfter('>', open + 2);
        AddText(open, open + 1);
        return open + 1;
    }

    private int IndexAfter(char mark, int from)
    {
        if (from >= _source.Length)
            return _source.Length;
        var at = _source.AsSpan(from).IndexOf(mark);
        return at < 0 ? _source.Length : from + at + 1;
    }

    private int NameEnd(int from)
    {
        while (from < _source.Length && !(_source[from] is ' ' or '\t' or '\r' or '\n' or '\f' or '/' or '>'))
            from++;
        return from;
    }

    /// <summary>Where the tag closes, quoted attribute values passed over.</summary>
    private int TagEnd(int from)
    {
        while (from < _source.Length)
        {
            var at = _source.AsSpan(from).IndexOfAny('>', '"', '\'');
            if (at < 0)
                return _source.Length;
            from += at;
            if (_source[from] == '>')
                return from;

            // A quote is one only behind an equals sign.
            var before = from - 1;
            while (before > 0 && _source[before] is ' ' or '\n' or '\t' or '\r')
                before--;
            if (_source[before] != '=')
            {
                from++;
                continue;
            }

            var quote = _source.AsSpan(from + 1).IndexOf(_source[from]);
            if (quote < 0)
                return IndexAfter('>', from) - 1;
            from += quote + 2;
        }

        return _source.Length;
    }

    private int ReadStartTag(int open)
    {
        var nameEnd = NameEnd(open + 1);
        var close = TagEnd(nameEnd);
        if (close >= _source.Length)
            return _source.Length;
        var tag = Tags.Of(_source.AsSpan(open + 1, nameEnd - open - 1));
        var position = close + 1;
        CloseImplied(tag);
        var node = new PageNode { Tag = tag, Source = new TextSpan(nameEnd, close) };
        if (Tags.Has(tag, TagTraits.Raw) && !(tag == Tag.Title && _openCount[(int)Tag.Svg] > 0))
        {
            if (FindRawEnd(tag, position, out var rawEnd, out var afterEnd))
            {
                node.Raw = new TextSpan(position, rawEnd);
                position = afterEnd;
            }

            Add(node, opens: false);
            return position;
        }

        var isVoid = Tags.Has(tag, TagTraits.Void) || (_source[close - 1] == '/' && _openCount[(int)Tag.Svg] > 0);
        Add(node, opens: !isVoid);
        return position;
    }

    private bool FindRawEnd(Tag tag, int from, out int rawEnd, out int after)
    {
        (rawEnd, after) = (from, from);
        if (_hasNoEnd[(int)tag])
            return false;
        var name = tag.ToString();
        for (var search = from; search < _source.Length;)
        {
            var at = _source.AsSpan(search).IndexOf("</", StringComparison.Ordinal);
            if (at < 0)
                break;
            at += search;
            var end = at + 2 + name.Length;
            if (end <= _source.Length && _source.AsSpan(at + 2, name.Length).Equals(name, StringComparison.OrdinalIgnoreCase)
                && (end == _source.Length || !char.IsAsciiLetterOrDigit(_source[end])))
            {
                rawEnd = at;
                after = IndexAfter('>', end);
                return true;
            }

            search = at + 2;
        }

        _hasNoEnd[(int)tag] = true;
        return false;
    }

    private void CloseImplied(Tag tag)
    {
        if (Tags.Has(tag, TagTraits.ClosesParagraph) && _openCount[(int)Tag.P] > 0)
            CloseNearest(Tag.P, Tag.P, stopAtBlock: true);
        switch (tag)
        {
            case Tag.Li:
                CloseNearest(Tag.Li, Tag.Li, stopAtBlock: false, Tag.Ul, Tag.Ol);
                break;
            case Tag.Dd or Tag.Dt:
                CloseNearest(Tag.Dd, Tag.Dt, stopAtBlock: false, Tag.Dl, Tag.Dl);
                break;
            case Tag.Td or Tag.Th:
                CloseNearest(Tag.Td, Tag.Th, stopAtBlock: false, Tag.Tr, Tag.Table);
                break;
            case Tag.Tr:
                CloseNearest(Tag.Tr, Tag.Tr, stopAtBlock: false, Tag.Table, Tag.Table);
                break;
            case Tag.Tbody or Tag.Thead or Tag.Tfoot:
                CloseNearest(Tag.Tbody, Tag.Thead, stopAtBlock: false, Tag.Table, Tag.Table);
                break;
            case Tag.Option or Tag.Optgroup:
                CloseNearest(Tag.Option, Tag.Optgroup, stopAtBlock: false, Tag.Select, Tag.Select);
                break;
            case Tag.A:
                CloseNearest(Tag.A, Tag.A, stopAtBlock: true);
                break;
            case Tag.Body:
                CloseNearest(Tag.Head, Tag.Head, stopAtBlock: false);
                break;
        }

        if (Tags.Has(tag, TagTraits.Block) && _depth > 0 && _nodes[_open[_depth]].Tag == Tag.Head)
            CloseTo(_depth - 1);
    }

    /// <summary>Closes the nearest open element of two kinds, unless a barrier stands between.</summary>
    private void CloseNearest(Tag first, Tag second, bool stopAtBlock, Tag barrier = Tag.Root, Tag otherBarrier = Tag.Root)
    {
        if (_openCount[(int)first] == 0 && _openCount[(int)second] == 0)
            return;
        for (var i = _depth; i > 0; i--)
        {
            var tag = _nodes[_open[i]].Tag;
            if (tag == first || tag == second)
            {
                CloseTo(i - 1);
                return;
            }

            if (tag == barrier || tag == otherBarrier || (stopAtBlock && Tags.Has(tag, TagTraits.Block)))
                return;
            if (!stopAtBlock && tag is Tag.Table && first is Tag.Li or Tag.Dd)
                return;
        }
    }

    private int ReadEndTag(int open)
    {
        var nameEnd = NameEnd(open + 2);
        var position = IndexAfter('>', nameEnd);
        var tag = Tags.Of(_source.AsSpan(open + 2, nameEnd - open - 2));
        if (tag is Tag.Br)
        {
            Add(new PageNode { Tag = Tag.Br, Source = new TextSpan(nameEnd, nameEnd) }, opens: false);
            return position;
        }

        if (tag is Tag.Body or Tag.Html)
            return position;
        if (Tags.Has(tag, TagTraits.Heading))
        {
            for (var i = _depth; i > 0 && !Tags.Has(_nodes[_open[i]].Tag, TagTraits.Scope); i--)
            {
                if (Tags.Has(_nodes[_open[i]].Tag, TagTraits.Heading))
                {
                    CloseTo(i - 1);
                    break;
                }
            }

            return position;
        }

        if (_openCount[(int)tag] == 0)
            return position;
        var isBlock = Tags.Has(tag, TagTraits.Block | TagTraits.Scope | TagTraits.Skipped);
        for (var i = _depth; i > 0; i--)
        {
            var openTag = _nodes[_open[i]].Tag;
            if (openTag == tag && (tag != Tag.Other || SameName(_open[i], open + 2, nameEnd)))
            {
                CloseTo(i - 1);
                break;
            }

            // An inline end tag does not close blocks, and none reaches out of a table's cell but the table's own.
            if (!isBlock && Tags.Has(openTag, TagTraits.Block))
                break;
            if (Tags.Has(openTag, TagTraits.Scope) && !(tag is Tag.Table or Tag.Tr or Tag.Tbody or Tag.Thead or Tag.Tfoot && openTag != Tag.Table))
                break;
        }

        return position;
    }

    /// <summary>Whether an element of an unlisted kind has the name that the end tag gives.</summary>
    private bool SameName(int node, int from, int to)
    {
        var start = _nodes[node].Source.Start - (to - from);
        return start > 0 && _source[start - 1] == '<'
            && _source.AsSpan(start, to - from).Equals(_source.AsSpan(from, to - from), StringComparison.OrdinalIgnoreCase);
    }

    private void AddText(int start, int end)
    {
        if (end <= start)
            return;
        var last = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes)[^1..];
        if (last[0].Tag == Tag.Text && last[0].Source.End == start && last[0].Parent == _open[_depth])
            last[0].Source = new TextSpan(last[0].Source.Start, end);
        else
            Add(new PageNode { Tag = Tag.Text, Source = new TextSpan(start, end) }, opens: false);
    }

    private void Add(PageNode node, bool opens)
    {
        node.Parent = _open[_depth];
        var index = _nodes.Count;
        node.End = index + 1;
        if (opens && _depth < DeepestLevel)
        {
            _open[++_depth] = index;
            _openCount[(int)node.Tag]++;
        }

        _nodes.Add(node);
    }

    private void CloseTo(int depth)
    {
        var nodes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes);
        while (_depth > depth)
        {
            ref var node = ref nodes[_open[_depth--]];
            node.End = nodes.Length;
            _openCount[(int)node.Tag]--;
        }
    }
}
