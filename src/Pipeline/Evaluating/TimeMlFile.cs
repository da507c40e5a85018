using System.Globalization;
using System.Text;
using System.Xml;
using Pipeline.Cleaning;
using Pipeline.Reading;

namespace Pipeline.Evaluating;

/// <summary>A TIMEX3 of a gold standard.</summary>
internal sealed record GoldTimex(TextSpan Span, string Type, string Value, string? Mod);

/// <summary>
/// A TimeML document: the text of its TEXT element, the expressions marked in it, and its creation time. What stands
/// outside TEXT (the creation time itself among it) is not scored, as in TempEval-3.
/// </summary>
internal sealed record TimeMlFile(string Path, string Text, IReadOnlyList<GoldTimex> Timexes, DateOnly? Created)
{
    // No document type, no entity beyond XML's own, nothing fetched.
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        MaxCharactersInDocument = 50_000_000,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserFileException">It cannot be read or is not TimeML.</exception>
    public static TimeMlFile Read(string path)
    {
        try
        {
            using var reader = XmlReader.Create(path, Settings);
            return Read(path, reader);
        }
        catch (XmlException e)
        {
            throw new UserFileException(path, e.LineNumber, $"not well-formed XML: {e.Message}; mend the file or leave it out", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The document as an article whose paragraphs are parted by empty lines.</summary>
    public ArticleText ToArticle()
    {
        var blocks = new List<Block>();
        for (var at = 0; at < Text.Length;)
        {
            var end = at;
            var next = Text.Length;
            // A paragraph ends at a line end that only white space parts from the next one.
            for (; end < Text.Length; end++)
            {
                if (Text[end] != '\n')
                    continue;
                var after = end + 1;
                while (after < Text.Length && Text[after] is ' ' or '\t' or '\r')
                    after++;
                if (after < Text.Length && Text[after] == '\n')
                {
                    next = after;
                    break;
                }
            }

            var (start, stop) = (at, Math.Min(end, Text.Length));
            while (start < stop && char.IsWhiteSpace(Text[start]))
                start++;
            while (stop > start && char.IsWhiteSpace(Text[stop - 1]))
                stop--;
            if (stop > start)
                blocks.Add(new(BlockKind.Paragraph, new(start, stop), ""));
            at = Math.Max(next, at + 1);
        }

        return new ArticleText
        {
            Article = new Article { Id = Path, Source = Path, Content = Text },
            Text = Text,
            Blocks = blocks,
            Date = Created,
        };
    }

    private static TimeMlFile Read(string path, XmlReader reader)
    {
        var text = new StringBuilder();
        var timexes = new List<GoldTimex>();
        DateOnly? created = null;
        var inText = 0;
        var seenText = false;
        var open = new Stack<(int Start, string Type, string Value, string? Mod)>();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.LocalName == "TEXT":
                    inText += reader.IsEmptyElement ? 0 : 1;
                    seenText = true;
                    break;
                case XmlNodeType.EndElement when reader.LocalName == "TEXT":
                    inText--;
                    break;
                case XmlNodeType.Element when reader.LocalName == "TIMEX3":
                    if (reader.GetAttribute("functionInDocument") == "CREATION_TIME")
                        created ??= Day(reader.GetAttribute("value"));
                    if (inText > 0 && !reader.IsEmptyElement)
                        open.Push((text.Length, reader.GetAttribute("type") ?? "", reader.GetAttribute("value") ?? "", reader.GetAttribute("mod")));
                    break;
                case XmlNodeType.EndElement when reader.LocalName == "TIMEX3" && inText > 0 && open.Count > 0:
                    var (start, type, value, mod) = open.Pop();
                    timexes.Add(new(new(start, text.Length), type, value, mod));
                    break;
                case XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA when inText > 0:
                    text.Append(reader.Value);
                    break;
            }
        }

        return seenText
            ? new(path, text.ToString(), [.. timexes.OrderBy(t => t.Span.Start)], created)
            : throw new UserFileException(path, 0, "has no TEXT element; expected a TimeML document");
    }

    private static DateOnly? Day(string? value)
    {
        var digits = value is { Length: >= 10 } ? value[..10] : value ?? "";
        return DateOnly.TryParseExact(digits, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || (value is { Length: >= 8 } && DateOnly.TryParseExact(value[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            ? day : null;
    }
}
