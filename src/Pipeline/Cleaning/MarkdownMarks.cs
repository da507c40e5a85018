namespace Pipeline.Cleaning;

/// <summary>
/// The marks of Markdown that open a line (headings, lists, quotations, rules) and those inside one (links, images,
/// emphasis, escapes). Plain text gets only the marks that mean the same there.
/// </summary>
internal readonly ref struct MarkdownMarks
{
    public int TextStart { get; private init; }
    public int TextEnd { get; private init; }
    public byte HeadingLevel { get; private init; }
    public byte UnderlineLevel { get; private init; }
    public bool IsListItem { get; private init; }
    public bool IsRule { get; private init; }

    public bool StartsBlock => HeadingLevel > 0 || IsListItem || IsRule;

    public static MarkdownMarks Read(ReadOnlySpan<char> line, bool markdown)
    {
        var level = line.IndexOfAnyExcept('#');
        if (level is > 0 and <= 6 && line[level] is ' ' or '\t')
        {
            var end = line.TrimEnd("# \t").Length;
            return end > level
                ? new() { HeadingLevel = (byte)level, TextStart = level + 1, TextEnd = end }
                : new() { IsRule = true };
        }

        if (line[0] is '-' or '=' or '*' or '_' or '–' or '—' or '~' or '+' && IsRuleLine(line))
            return new() { IsRule = true, UnderlineLevel = (byte)(line[0] == '=' ? 1 : line[0] == '-' ? 2 : 0) };

        var start = 0;
        if (markdown)
        {
            while (start < line.Length && line[start] == '>')
                start += start + 1 < line.Length && line[start + 1] == ' ' ? 2 : 1;
            start = Math.Min(start, line.Length);
        }

        var rest = line[start..];
        if (rest.Length > 2 && rest[0] is '•' or '‣' or '◦' or '▪' or '●' or '·')
            return Item(start, line.Length);
        if (rest.Length > 2 && rest[0] is '-' or '*' or '+' && rest[1] == ' ')
            return Item(markdown ? start + 2 : start, line.Length);
        var digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits is 1 or 2 && rest.Length > digits + 2 && rest[digits] is '.' or ')' && rest[digits + 1] == ' ')
            return Item(start, line.Length);
        return new() { TextStart = start, TextEnd = line.Length };
    }

    private static MarkdownMarks Item(int start, int end) =>
        new() { IsListItem = true, TextStart = start, TextEnd = end };

    private static bool IsRuleLine(ReadOnlySpan<char> line)
    {
        var marks = 0;
        foreach (var c in line)
        {
            if (c == line[0])
                marks++;
            else if (c != ' ')
                return false;
        }

        return marks >= 3 || (line[0] == '=' && marks >= 2);
    }

    /// <summary>Appends a line without its inline marks; bold that opens it is noted as a run-in heading.</summary>
    public static void AppendInline(LineBuffer buffer, ReadOnlySpan<char> text, ref PageLine template)
    {
        var bold = false;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            switch (c)
            {
                case '\\' when i + 1 < text.Length && char.IsAsciiLetterOrDigit(text[i + 1]) is false:
                    i += 1 + buffer.Append(text[i + 1], i + 2 < text.Length ? text[i + 2] : '\0');
                    continue;
                case '!' when i + 1 < text.Length && text[i + 1] == '[' && TryReadLink(text[(i + 1)..], out _, out var image):
                    i += 1 + image;
                    continue;
                case '[' when TryReadLink(text[i..], out var label, out var length):
                    AppendInline(buffer, label, ref template);
                    i += length;
                    continue;
                case '*' or '_' when IsMark(text, i):
                    var run = text[i..].IndexOfAnyExcept(c);
                    run = run < 0 ? text.Length - i : run;
                    if (run >= 2)
                    {
                        if (bold && template.MarkedRunInEnd < 0)
                            template.MarkedRunInEnd = buffer.Length;
                        else if (!bold && !buffer.HasText)
                            template.MarkedRunInEnd = -1;
                        bold = !bold;
                    }

                    i += run;
                    continue;
                default:
                    i += buffer.Append(c, i + 1 < text.Length ? text[i + 1] : '\0');
                    continue;
            }
        }

        if (template.MarkedRunInEnd < 0 && !bold)
            template.MarkedRunInEnd = 0;
    }

    /// <summary>An asterisk or underscore inside a word or alone between spaces is text.</summary>
    private static bool IsMark(ReadOnlySpan<char> text, int i)
    {
        var before = i > 0 ? text[i - 1] : ' ';
        var after = i + 1 < text.Length ? text[i + 1] : ' ';
        return text[i] == '_'
            ? !(char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after)) && !(before == ' ' && after == ' ')
            : !(before == ' ' && after == ' ');
    }

    private static bool TryReadLink(ReadOnlySpan<char> text, out ReadOnlySpan<char> label, out int length)
    {
        // Bounded, so that a line of opening brackets stays linear.
        const int LongestLink = 2048;
        label = default;
        length = 0;
        if (text.Length > LongestLink)
            text = text[..LongestLink];
        var close = text[1..].IndexOfAny('[', ']') + 1;
        if (close < 1 || text[close] == '[' || close + 1 >= text.Length || text[close + 1] != '(')
            return false;
        var end = text[(close + 2)..].IndexOf(')');
        if (end < 0)
            return false;
        label = text[1..close];
        length = close + 2 + end + 1;
        return true;
    }
}
