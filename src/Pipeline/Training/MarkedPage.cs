using System.Text;
using Pipeline.Cleaning.Html;

namespace Pipeline.Training;

/// <summary>What a line of a marked page is.</summary>
internal enum LineMark
{
    /// <summary>Running text.</summary>
    Body,

    /// <summary>A paragraph that begins with a run-in heading, up to its first colon.</summary>
    RunIn,
    Heading,
    Title,
    Noise,

    /// <summary>Not to be judged.</summary>
    Unknown,
}

/// <summary>
/// A page of plain text whose lines are marked. The file format is a line of text each, behind one letter and a space:
/// <c>T</c> title, <c>H</c> heading, <c>B</c> body, <c>R</c> body that begins with a run-in heading, <c>N</c> noise;
/// <c>=</c> and an id begin a page where a file holds several.
/// </summary>
internal sealed record MarkedPage(string Id, IReadOnlyList<(LineMark Mark, string Text)> Lines)
{
    /// <summary>The page as a scraper would leave it.</summary>
    /// <param name="separator">What stands between two lines.</param>
    public string Render(string separator) => string.Join(separator, Lines.Select(line => line.Text));

    public static IReadOnlyList<MarkedPage> Read(string path)
    {
        var pages = new List<MarkedPage>();
        var lines = new List<(LineMark, string)>();
        var id = Path.GetFileNameWithoutExtension(path);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0)
                continue;
            if (line.Length < 3 || line[1] != ' ')
                throw new UserFileException(path, number, "expected a mark (T, H, B, R, N or =), a space and the line's text");
            if (line[0] == '=')
            {
                if (lines.Count > 0)
                    pages.Add(new MarkedPage(id, lines));
                id = line[2..];
                lines = [];
                continue;
            }

            lines.Add((line[0] switch
            {
                'T' => LineMark.Title,
                'H' => LineMark.Heading,
                'B' => LineMark.Body,
                'R' => LineMark.RunIn,
                'N' => LineMark.Noise,
                _ => throw new UserFileException(path, number, $"unknown mark {line[0]}; expected T, H, B, R, N or ="),
            }, line[2..]));
        }

        if (lines.Count > 0)
            pages.Add(new MarkedPage(id, lines));
        return pages;
    }

    /// <summary>All visible lines of an HTML page, marked by whether the gold body has them.</summary>
    public static MarkedPage FromHtml(string id, string html, string goldBody)
    {
        var buffer = PageLines.Of(PageParser.Parse(html)).Buffer;
        var gold = Squeeze(goldBody);
        var goldLines = goldBody.Split('\n').Select(Squeeze).ToHashSet(StringComparer.Ordinal);
        var texts = buffer.Lines.Select(line => buffer[line].ToString()).ToList();
        var keys = texts.ConvertAll(Squeeze);
        var marks = keys.ConvertAll(key => Judge(key, gold));

        // A short line is body only beside body: its words stand in many places of a page.
        for (var i = 0; i < marks.Count; i++)
        {
            if (keys[i].Length is 0 or >= ShortKey || !goldLines.Contains(keys[i]))
                continue;
            for (var near = Math.Max(0, i - 3); near < Math.Min(marks.Count, i + 4); near++)
            {
                if (keys[near].Length >= ShortKey && marks[near] == LineMark.Body)
                    marks[i] = LineMark.Body;
            }
        }

        return new MarkedPage(id, [.. marks.Zip(texts)]);
    }

    private const int ShortKey = 25;

    private static LineMark Judge(string key, string gold)
    {
        if (key.Length == 0)
            return LineMark.Unknown;
        if (key.Length < ShortKey)
            return LineMark.Noise;
        if (gold.Contains(key, StringComparison.Ordinal))
            return LineMark.Body;
        const int Piece = 20;
        int hits = 0, pieces = 0;
        for (var i = 0; i + Piece <= key.Length; i += Piece / 2, pieces++)
            hits += gold.AsSpan().IndexOf(key.AsSpan(i, Piece), StringComparison.Ordinal) >= 0 ? 1 : 0;
        return hits * 10 > pieces * 8 ? LineMark.Body : hits * 10 > pieces * 3 ? LineMark.Unknown : LineMark.Noise;
    }

    private static string Squeeze(string text)
    {
        var squeezed = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                squeezed.Append(char.ToLowerInvariant(c));
        }

        return squeezed.ToString();
    }
}
