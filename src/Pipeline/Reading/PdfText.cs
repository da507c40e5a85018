using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis;
using UglyToad.PdfPig.DocumentLayoutAnalysis.PageSegmenter;
using UglyToad.PdfPig.DocumentLayoutAnalysis.ReadingOrderDetector;
using UglyToad.PdfPig.DocumentLayoutAnalysis.WordExtractor;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Pipeline.Reading;

/// <summary>
/// The text layer of a PDF as plain text, one paragraph a line: blocks by Docstrum (O'Gorman 1993), in reading order, words
/// that were parted at a line's end joined, running headers, footers and page numbers dropped.
/// </summary>
internal static class PdfText
{
    private const int MaxPages = 2000;

    /// <summary>A page of small print has ten thousand letters.</summary>
    private const int MostLetters = 50_000;

    /// <summary>Letters whose left lower corners lie in the same square point; shadows and false bold make four.</summary>
    private const int MostInOnePlace = 200;

    private const int MostWords = 10_000;

    /// <summary>Finding the reading order takes the cube of the number of blocks; more are read from top to bottom.</summary>
    private const int MostOrderedBlocks = 300;

    /// <exception cref="InvalidDataException">The bytes are no PDF, are encrypted, or hold no text.</exception>
    public static DocumentContent Read(byte[] bytes)
    {
        List<List<Word>> pages;
        string? title, author;
        string text;
        try
        {
            var streams = new BoundedFilters(bytes.Length);
            using var document = PdfDocument.Open(bytes, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true, FilterProvider = streams });
            if (document.NumberOfPages > MaxPages)
                throw new InvalidDataException($"more than {MaxPages} pages; split it");
            (title, author) = (NullIfBlank(document.Information.Title), NullIfBlank(document.Information.Author));
            pages = [.. document.GetPages().Select(Words)];
            // Lenient parsing can swallow what is thrown inside.
            streams.Check();
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
        return new DocumentContent(text, title, author);
    }

    private static List<Word> Words(Page page)
    {
        if (page.Letters.Count > MostLetters)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"more than {MostLetters:N0} letters on page {page.Number}"));
        var places = new Dictionary<(int, int), int>();
        foreach (var letter in page.Letters)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(places, ((int)letter.StartBaseLine.X, (int)letter.StartBaseLine.Y), out _);
            if (++count > MostInOnePlace)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"letters are piled up in one place of page {page.Number}"));
        }

        var words = NearestNeighbourWordExtractor.Instance.GetWords(page.Letters).ToList();
        return words.Count <= MostWords ? words
            : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"more than {MostWords:N0} words on page {page.Number}"));
    }

    private static IEnumerable<string> Blocks(List<Word> words)
    {
        if (words.Count == 0)
            return [];
        var blocks = DocstrumBoundingBoxes.Instance.GetBlocks(words);
        return (blocks.Count <= MostOrderedBlocks
            ? UnsupervisedReadingOrderDetector.Instance.Get(blocks)
            : blocks.OrderByDescending(block => block.BoundingBox.Top).ThenBy(block => block.BoundingBox.Left)).Select(TextOf).Where(text => text.Length > 0);
    }

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

    /// <summary>
    /// Decodes the streams of one document, as long as what comes out stays in proportion to the file; each use of a stream
    /// counts, since forms can call each other without end. Not thread-safe.
    /// </summary>
    private sealed class BoundedFilters(int fileLength) : IFilterProvider
    {
        private const long AlwaysAllowed = 10_000_000;
        private const long MostTimes = 50;
        private const int LeastOfOne = 500;
        private long left = AlwaysAllowed + (MostTimes * fileLength);

        public void Check()
        {
            if (left < 0)
                throw new InvalidDataException("its streams are far larger, or used far more often, than those of a document of its size");
        }

        public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary)
        {
            left -= LeastOfOne;
            Check();
            return Bounded(DefaultFilterProvider.Instance.GetFilters(dictionary));
        }

        public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => Bounded(DefaultFilterProvider.Instance.GetNamedFilters(names));

        public IReadOnlyList<IFilter> GetAllFilters() => Bounded(DefaultFilterProvider.Instance.GetAllFilters());

        private IFilter[] Bounded(IReadOnlyList<IFilter> filters) => [.. filters.Select(filter => new BoundedFilter(filter, this))];

        private sealed class BoundedFilter(IFilter filter, BoundedFilters all) : IFilter
        {
            public bool IsSupported => filter.IsSupported;

            public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
            {
                var decoded = filter.Decode(input, streamDictionary, filterProvider, filterIndex);
                all.left -= decoded.Length;
                all.Check();
                return decoded;
            }
        }
    }
}
