namespace Pipeline.Cleaning.Html;

/// <summary>What a line of a page has beside its characters.</summary>
internal struct LineOrigin
{
    /// <summary>The first text node.</summary>
    public int FirstNode;

    /// <summary>The nearest block element.</summary>
    public int Block;

    /// <summary>Characters inside links.</summary>
    public int LinkChars;

    /// <summary>Characters in bold.</summary>
    public int BoldChars;

    public bool InTable;
}

/// <summary>
/// The visible lines of a page: a block element, a table's row or a line break begins a new one. Lines stand in
/// document order, so that a subtree's lines are a range.
/// </summary>
internal sealed class PageLines
{
    /// <summary>The cues of what shows only under the pointer or to a screen reader.</summary>
    private const int InvisibleFrom = -9;

    private readonly PageTree _tree;
    private readonly List<LineOrigin> _origins = [];
    private readonly Stack<int> _blocks = new();
    private LineOrigin _line;
    private PageLine _template;
    private int _linkEnd, _boldEnd, _tableEnd, _preEnd;
    private bool _leadIsBold, _breakPending;

    private PageLines(PageTree tree)
    {
        _tree = tree;
        Buffer = new LineBuffer(Math.Min(tree.Source.Length, 1 << 16));
    }

    public LineBuffer Buffer { get; }

    public ReadOnlySpan<LineOrigin> Origins => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_origins);

    public static PageLines Of(PageTree tree)
    {
        var lines = new PageLines(tree);
        lines.Run();
        return lines;
    }

    /// <summary>Index of the first line whose text begins at or behind a node.</summary>
    public int FirstLineFrom(int node)
    {
        var (low, high) = (0, _origins.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_origins[middle].FirstNode < node)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Run()
    {
        var nodes = _tree.Nodes;
        _blocks.Push(0);
        for (var i = 1; i < nodes.Length; i++)
        {
            while (_blocks.Count > 1 && nodes[_blocks.Peek()].End <= i)
            {
                EndLine();
                _blocks.Pop();
            }

            ref readonly var node = ref nodes[i];
            if (node.Tag == Tag.Text)
            {
                AddText(i, node.Source.In(_tree.Source));
                continue;
            }

            if (Tags.Has(node.Tag, TagTraits.Skipped) || IsInvisible(i))
            {
                i = node.End - 1;
                continue;
            }

            Enter(i, node);
        }

        EndLine();
    }

    private void Enter(int index, in PageNode node)
    {
        switch (node.Tag)
        {
            case Tag.Br:
                Break();
                return;
            case Tag.A:
                _linkEnd = Math.Max(_linkEnd, node.End);
                return;
            case Tag.B or Tag.Strong:
                if (!Buffer.HasText)
                    _leadIsBold = true;
                _boldEnd = Math.Max(_boldEnd, node.End);
                return;
            case Tag.Td or Tag.Th:
                // A cell of a data table goes on with its row's line; one that is laid out with blocks does not.
                if (HasBlocks(index))
                    EndLine();
                else
                    Buffer.AppendSpace();
                return;
            case Tag.Table:
                _tableEnd = Math.Max(_tableEnd, node.End);
                break;
            case Tag.Pre:
                _preEnd = Math.Max(_preEnd, node.End);
                break;
        }

        if (!Tags.Has(node.Tag, TagTraits.Block))
            return;
        EndLine();
        if (node.End > index + 1)
        {
            _blocks.Push(index);
            if (node.Tag == Tag.Li)
                _template.IsListItem = true;
        }
    }

    private void AddText(int index, ReadOnlySpan<char> text)
    {
        var before = Buffer.Length;
        if (_breakPending && !text.IsWhiteSpace())
            ResolveBreak();
        if (_leadIsBold && Buffer.HasText && index >= _boldEnd && _template.MarkedRunInEnd == 0)
            _template.MarkedRunInEnd = Buffer.Length;
        if (index < _preEnd && text.Contains('\n'))
        {
            foreach (var range in text.Split('\n'))
            {
                PageTree.AppendText(Buffer, text[range]);
                Note(index, before);
                EndLine();
                before = Buffer.Length;
            }

            return;
        }

        PageTree.AppendText(Buffer, text);
        Note(index, before);
    }

    private void Note(int index, int before)
    {
        var added = Buffer.Length - before;
        if (added == 0)
            return;
        if (before == Buffer.LineStart)
        {
            _line.FirstNode = index;
            _line.Block = _blocks.Peek();
            _line.InTable = index < _tableEnd;
            if (index >= _boldEnd)
                _leadIsBold = false;
        }

        if (index < _linkEnd)
            _line.LinkChars += added;
        if (index < _boldEnd)
            _line.BoldChars += added;
    }

    private void Break()
    {
        if (_breakPending)
        {
            EndLine();
            return;
        }

        _breakPending = Buffer.HasText;
    }

    /// <summary>A single line break ends a line that is closed or short; one inside running text is white space.</summary>
    private void ResolveBreak()
    {
        _breakPending = false;
        var line = Buffer.Slice(Buffer.LineStart, Buffer.Length);
        var last = Characters.LastMark(line);
        if (Characters.IsTerminal(last) || last == ':' || line.Length < 60)
            EndLine();
        else
            Buffer.AppendSpace();
    }

    private void EndLine()
    {
        _breakPending = false;
        var block = _tree.Nodes[_blocks.Peek()].Tag;
        _template.HeadingLevel = (byte)Tags.HeadingLevel(block);
        _template.HasGapBefore = true;
        if (Buffer.EndLine(_template))
            _origins.Add(_line);
        _line = default;
        _template = default;
        _leadIsBold = false;
    }

    private bool HasBlocks(int node)
    {
        var nodes = _tree.Nodes;
        var length = 0;
        for (var i = node + 1; i < nodes[node].End; i++)
        {
            if (Tags.Has(nodes[i].Tag, TagTraits.Block) || nodes[i].Tag == Tag.Br)
                return true;
            if (nodes[i].Tag == Tag.Text)
                length += nodes[i].Source.Length;
            if (length > 300)
                return true;
        }

        return false;
    }

    private bool IsInvisible(int node)
    {
        if (_tree.Nodes[node].Source.Length < 6)
            return false;
        if (_tree.Nodes[node].Tag is Tag.Span or Tag.A && _tree.TryGetAttribute(node, "class", out var words)
            && ElementCues.Weigh(words).Against <= InvisibleFrom)
            return true;
        var attributes = _tree.Nodes[node].Source.In(_tree.Source);
        if (!attributes.Contains("hidden", StringComparison.OrdinalIgnoreCase) && !attributes.Contains("none", StringComparison.OrdinalIgnoreCase))
            return false;
        if (_tree.TryGetAttribute(node, "hidden", out _))
            return true;
        return _tree.TryGetAttribute(node, "style", out var style) && (
            StyleHas(style, "display", "none") || StyleHas(style, "visibility", "hidden"));
    }

    private static bool StyleHas(ReadOnlySpan<char> style, string property, string value)
    {
        var at = style.IndexOf(property, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return false;
        var rest = style[(at + property.Length)..].TrimStart();
        return rest.StartsWith(":", StringComparison.Ordinal)
            && rest[1..].TrimStart().StartsWith(value, StringComparison.OrdinalIgnoreCase);
    }
}
