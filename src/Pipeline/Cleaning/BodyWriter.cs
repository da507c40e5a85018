namespace Pipeline.Cleaning;

/// <summary>Puts the kept lines of a page together: the article's text and its blocks.</summary>
internal static class BodyWriter
{
    private const int DeepestSection = 7;

    public static (string Text, IReadOnlyList<Block> Blocks) Write(LineBuffer buffer)
    {
        var runIns = RunInHeadings.Find(buffer);
        var (kept, length) = (0, 0);
        foreach (var line in buffer.Lines)
        {
            if (IsKept(line))
            {
                kept++;
                length += line.Length + 2;
            }
        }

        if (kept == 0)
            return ("", []);
        var blocks = new List<Block>(kept + 8);
        var text = string.Create(length - 2, (buffer, runIns, blocks), static (target, state) =>
            Fill(target, state.buffer, state.runIns, state.blocks));
        return (text, blocks);
    }

    private static bool IsKept(in PageLine line) => line.Role is LineRole.Body or LineRole.Heading or LineRole.KeptTitle;

    private static void Fill(Span<char> target, LineBuffer buffer, int[] runIns, List<Block> blocks)
    {
        var path = new SectionPath();
        var position = 0;
        for (var i = 0; i < buffer.Lines.Count; i++)
        {
            var line = buffer.Lines[i];
            if (!IsKept(line))
                continue;
            if (position > 0)
            {
                target[position++] = '\n';
                target[position++] = '\n';
            }

            var start = position;
            buffer[line].CopyTo(target[position..]);
            position += line.Length;
            if (line.Role == LineRole.KeptTitle)
            {
                blocks.Add(new Block(BlockKind.Heading, new TextSpan(start, position), ""));
            }
            else if (line.Role == LineRole.Heading)
            {
                path.Enter(line.HeadingLevel, buffer[line]);
                blocks.Add(new Block(BlockKind.Heading, new TextSpan(start, position), path.Parent));
            }
            else if (runIns[i] > 0)
            {
                var split = start + runIns[i] - line.Start;
                blocks.Add(new Block(BlockKind.RunInHeading, new TextSpan(start, split), path.Current));
                blocks.Add(new Block(
                    BlockKind.Paragraph, new TextSpan(split + 1, position), path.Under(buffer.Slice(line.Start, runIns[i]))));
            }
            else
            {
                blocks.Add(new Block(BlockKind.Paragraph, new TextSpan(start, position), path.Current));
            }
        }
    }

    /// <summary>The headings that the next block stands under.</summary>
    private sealed class SectionPath
    {
        private readonly List<(int Level, string Path)> _open = [];

        public string Current => _open.Count == 0 ? "" : _open[^1].Path;

        public string Parent => _open.Count < 2 ? "" : _open[^2].Path;

        public void Enter(int level, ReadOnlySpan<char> heading)
        {
            // A heading without a level of its own stands beside the one before it.
            if (level == 0)
                level = _open.Count == 0 ? 2 : _open[^1].Level;
            while (_open.Count > 0 && (_open[^1].Level >= level || _open.Count >= DeepestSection))
                _open.RemoveAt(_open.Count - 1);
            _open.Add((level, Under(heading)));
        }

        public string Under(ReadOnlySpan<char> heading)
        {
            var name = heading.TrimEnd(" :：.").ToString();
            return Current.Length == 0 ? name : $"{Current} > {name}";
        }
    }
}
