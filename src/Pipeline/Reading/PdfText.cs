using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis;
using UglyToad.PdfPig.DocumentLayoutAnalysis.PageSegmenter;
using UglyToad.PdfPig.DocumentLayoutAnalysis.ReadingOrderDetector;
using UglyToad.PdfPig.DocumentLayoutAnalysis.WordExtractor;

namespace Pipeline.Reading;

/// <summary>
/// The text layer of a PDF as plain text, one paragraph a line: blocks by Docstrum (O'Gorman 1993), in reading order, words
/// that were parted at a line's end joined, running headers, footers and page numbers dropped.
/// </summary>
internal static class PdfText
{
    private const int MaxPages = 2000;

    /// <exception cref="InvalidDataException">The bytes are no PDF, are encrypted, or hold no text.</exception>
    public static (string Text, string? Title, string? Author) Read(byte[] bytes)
    {
        List<List<Word>> pages;
        string? title, author;
        string text;
        try
        {
            using var document = PdfDocument.Open(bytes, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
            if (document.NumberOfPages > MaxPages)
                throw new InvalidDataException($"more than {MaxPages} pages; split it");
            (title, author) = (NullIfBlank(document.Information.Title), NullIfBlank(document.Information.Author));
            pages = [.. document.GetPages().Select(page => NearestNeighbourWordExtractor.Instance.GetWords(page.Letters).ToList())];
            DropRunningLines(pages);
            text = Join(pages.SelectMany(Blocks));
        }
        catch (Exception e) when (e is not (InvalidDataException or OutOfMemoryException))
        {
            // PdfPig throws exceptions of many kinds on damaged files.
            throw new InvalidDataException("no readable PDF: " + e.Message, e);
        }

        if (text.Length == 0)
            throw new InvalidDataException("the PDF has no text layer (a scan?); run it through OCR first");
        return (text, title, author);
    }

    private static IEnumerable<string> Blocks(List<Word> words) => words.Count == 0
        ? []
        : UnsupervisedReadingOrderDetector.Instance.Get(DocstrumBoundingBoxes.Instance.GetBlocks(words)).Select(TextOf).Where(text => text.Length > 0);

    private static string TextOf(TextBlock block)
    {
        var text = new StringBuilder();
        foreach (var line in block.TextLines)
        {
            var words = line.Text.AsSpan().Trim();
            if (words.IsEmpty)
                continue;
            Append(text, words);
        }

        return text.ToString();
    }

    /// <summary>Adds a line; a hyphen between a letter and a small letter was put there by the typesetter.</summary>
    private static void Append(StringBuilder text, ReadOnlySpan<char> line)
    {
        if (text.Length > 1 && text[^1] is '-' or '\u00AD' && char.IsLower(text[^2]) && char.IsLower(line[0]))
            text.Length--;
        else if (text.Length > 0)
            text.Append(' ');
        text.Append(line);
    }

    /// <summary>What stands at the top or bottom of most pages, numbers aside, is not part of the article.</summary>
    private static void DropRunningLines(List<List<Word>> pages)
    {
        var edges = pages.Select(Edges).ToList();
        var counts = edges.SelectMany(lines => lines.Select(ShapeOf).Distinct()).CountBy(shape => shape).ToDictionary();
        for (var i = 0; i < pages.Count; i++)
        {
            var running = edges[i].Where(line => ShapeOf(line) is var shape
                && (shape.Trim('#', ' ', '-', '–', '/', '|').Length == 0 || (pages.Count > 2 && counts[shape] * 2 > pages.Count)));
            var dropped = running.SelectMany(line => line).ToHashSet();
            pages[i].RemoveAll(dropped.Contains);
        }
    }

    /// <summary>The two highest and the two lowest lines of a page.</summary>
    private static List<List<Word>> Edges(List<Word> words)
    {
        var lines = new List<List<Word>>();
        foreach (var word in words.OrderByDescending(word => word.BoundingBox.Bottom))
        {
            if (lines.Count > 0 && lines[^1][0].BoundingBox.Bottom - word.BoundingBox.Bottom < 3)
                lines[^1].Add(word);
            else
                lines.Add([word]);
        }

        if (lines.Count > 4)
            lines.RemoveRange(2, lines.Count - 4);
        return lines;
    }

    private static string ShapeOf(List<Word> line) => Shape(string.Join(' ', line.OrderBy(word => word.BoundingBox.Left).Select(word => word.Text)));

    private static string Shape(string block)
    {
        var shape = new StringBuilder();
        foreach (var c in block)
        {
            if (!char.IsDigit(c))
                shape.Append(c);
            else if (shape.Length == 0 || shape[^1] != '#')
                shape.Append('#');
        }

        return shape.ToString();
    }

    /// <summary>One paragraph a line; a block that goes on where the last one broke off belongs to its paragraph.</summary>
    private static string Join(IEnumerable<string> blocks)
    {
        var paragraphs = new List<StringBuilder>();
        foreach (var block in blocks)
        {
            if (paragraphs.Count > 0 && char.IsLower(block[0]) && !".!?:;\"”’)".Contains(paragraphs[^1][^1]))
                Append(paragraphs[^1], block);
            else
                paragraphs.Add(new StringBuilder(block));
        }

        return string.Join("\n\n", paragraphs);
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
