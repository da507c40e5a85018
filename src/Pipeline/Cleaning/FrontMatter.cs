namespace Pipeline.Cleaning;

/// <summary>The fields between two lines of <c>---</c> that open a Markdown file.</summary>
internal readonly record struct FrontMatter(int End, string? Title, string? Author, DateOnly? Date)
{
    private const int Largest = 20_000;

    public static FrontMatter None => default;

    public static FrontMatter Read(string content)
    {
        var from = content.StartsWith('\uFEFF') ? 1 : 0;
        if (!content.AsSpan(from).StartsWith("---\n", StringComparison.Ordinal)
            && !content.AsSpan(from).StartsWith("---\r\n", StringComparison.Ordinal))
            return None;
        var start = content.IndexOf('\n', from) + 1;
        var window = content.AsSpan(start, Math.Min(Largest, content.Length - start));
        string? title = null, author = null;
        DateOnly? date = null;
        var position = start;
        foreach (var range in window.Split('\n'))
        {
            var line = window[range].Trim();
            position += window[range].Length + 1;
            if (line is "---" or "...")
                return new FrontMatter(Math.Min(position, content.Length), title, author, date);
            var colon = line.IndexOf(':');
            if (colon <= 0)
                continue;
            var value = line[(colon + 1)..].Trim().Trim("\"'");
            var key = line[..colon];
            if (value.IsEmpty)
                continue;
            if (key.Equals("title", StringComparison.OrdinalIgnoreCase))
                title = value.ToString();
            else if (key.Equals("author", StringComparison.OrdinalIgnoreCase) || key.Equals("authors", StringComparison.OrdinalIgnoreCase))
                author = AuthorNames.Join(value.Trim("[]").ToString().Split(',', StringSplitOptions.TrimEntries));
            else if (key.Equals("date", StringComparison.OrdinalIgnoreCase) && PublicationDate.TryRead(value, null, out var read))
                date = read;
        }

        return None;
    }
}
