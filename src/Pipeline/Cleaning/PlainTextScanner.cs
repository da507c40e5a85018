namespace Pipeline.Cleaning;

/// <summary>
/// Cuts plain text and Markdown into paragraph-like lines: one a line, or, where the text is wrapped at a fixed
/// width, one a run of full lines.
/// </summary>
internal static class PlainTextScanner
{
    private const int NarrowestWrap = 30;
    private const int WidestWrap = 132;

    /// <summary>A line of the source without the white space at its ends.</summary>
    private readonly record struct RawLine(int Start, int End, int Indent, bool HasGapBefore)
    {
        public int Length => End - Start;
    }

    public static LineBuffer Scan(string content, int from, bool markdown)
    {
        var raw = Split(content, from);
        var wrap = WrapWidth(content, raw);
        var buffer = new LineBuffer(content.Length - from);
        buffer.Lines.EnsureCapacity(raw.Count);
        for (var i = 0; i < raw.Count; i++)
        {
            var line = raw[i];
            var template = new PageLine { HasGapBefore = line.HasGapBefore };
            var text = content.AsSpan(line.Start, line.Length);
            var marker = MarkdownMarks.Read(text, markdown);
            if (marker.IsRule)
            {
                // A rule under a line makes that line a heading, unless an empty line parts them.
                if (!line.HasGapBefore && buffer.Lines.Count > 0 && marker.UnderlineLevel > 0)
                {
                    var above = buffer.Lines[^1];
                    above.HeadingLevel = marker.UnderlineLevel;
                    buffer.Lines[^1] = above;
                }

                continue;
            }

            template.HeadingLevel = marker.HeadingLevel;
            template.IsListItem = marker.IsListItem;
            Append(buffer, text[marker.TextStart..marker.TextEnd], markdown, ref template);
            if (wrap > 0 && marker.HeadingLevel == 0)
            {
                while (i + 1 < raw.Count && Continues(content, raw[i], raw[i + 1], wrap, markdown))
                {
                    i++;
                    buffer.AppendSpace();
                    Append(buffer, content.AsSpan(raw[i].Start, raw[i].Length), markdown, ref template);
                }
            }

            buffer.EndLine(template);
        }

        return buffer;
    }

    private static void Append(LineBuffer buffer, ReadOnlySpan<char> text, bool markdown, ref PageLine template)
    {
        if (markdown)
            MarkdownMarks.AppendInline(buffer, text, ref template);
        else
            buffer.Append(text);
    }

    private static List<RawLine> Split(string content, int from)
    {
        var lines = new List<RawLine>(Math.Max(16, (content.Length - from) / 128));
        var gap = false;
        for (var position = from; position < content.Length;)
        {
            var rest = content.AsSpan(position);
            var length = rest.IndexOfAny(LineEnds);
            if (length < 0)
                length = rest.Length;
            var (start, end) = (position, position + length);
            while (start < end && Characters.Classify(content[start]) is CharacterClass.Space or CharacterClass.Dropped)
                start++;
            while (end > start && Characters.Classify(content[end - 1]) is CharacterClass.Space or CharacterClass.Dropped)
                end--;
            if (start == end)
            {
                // The line feed of a CR LF pair makes no empty line.
                gap |= !(length == 0 && content[position] == '\n' && position > 0 && content[position - 1] == '\r');
            }
            else
            {
                lines.Add(new RawLine(start, end, start - position, gap));
                gap = false;
            }

            position += length + 1;
        }

        return lines;
    }

    private static readonly System.Buffers.SearchValues<char> LineEnds =
        System.Buffers.SearchValues.Create("\n\r\v\f\u0085\u2028\u2029");

    /// <summary>
    /// The width that the text is wrapped at, or 0: most lines that another follows end in mid-sentence, just where
    /// the next word would have passed the width.
    /// </summary>
    private static int WrapWidth(string content, List<RawLine> lines)
    {
        Span<int> histogram = stackalloc int[WidestWrap + 2];
        var inner = 0;
        for (var i = 0; i + 1 < lines.Count; i++)
        {
            if (lines[i + 1].HasGapBefore)
                continue;
            inner++;
            histogram[Math.Min(lines[i].Length, WidestWrap + 1)]++;
        }

        if (inner < 2)
            return 0;
        var width = WidestWrap + 1;
        for (var above = 0; width > 0 && above + histogram[width] <= inner / 50; width--)
            above += histogram[width];
        if (width is < NarrowestWrap or > WidestWrap)
            return 0;

        long full = 0, all = 0, open = 0;
        for (var i = 0; i + 1 < lines.Count; i++)
        {
            if (lines[i + 1].HasGapBefore)
                continue;
            var line = lines[i];
            all += line.Length;
            if (line.Length + 1 + FirstWord(content, lines[i + 1]) <= width - width / 8)
                continue;
            full += line.Length;
            if (!Characters.IsTerminal(Characters.LastMark(content.AsSpan(line.Start, line.Length))))
                open += line.Length;
        }

        return full * 10 >= all * 6 && open * 2 >= full ? width : 0;
    }

    private static bool Continues(string content, RawLine line, RawLine next, int width, bool markdown) =>
        !next.HasGapBefore
        && next.Indent <= line.Indent + 1
        && line.Length + 1 + FirstWord(content, next) > width - width / 8
        && !MarkdownMarks.Read(content.AsSpan(next.Start, next.Length), markdown).StartsBlock;

    private static int FirstWord(string content, RawLine line)
    {
        var space = content.AsSpan(line.Start, line.Length).IndexOf(' ');
        return space < 0 ? line.Length : space;
    }
}
