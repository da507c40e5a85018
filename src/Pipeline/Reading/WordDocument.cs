using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Pipeline.Reading;

/// <summary>
/// A Word document as a page of HTML: headings, paragraphs, lists and tables of the main story. Deleted text, comments,
/// notes, headers and footers are left out.
/// </summary>
internal static class WordDocument
{
    /// <summary>Tables in tables in text boxes come to fifty.</summary>
    private const int DeepestNode = 256;

    private const int MostNodes = 2_000_000;
    private const int MostParts = 10_000;

    /// <exception cref="InvalidDataException">The bytes are no Word document, or a part is larger than the limit.</exception>
    public static DocumentContent Read(byte[] bytes, long maxCharacters)
    {
        try
        {
            CheckParts(bytes, maxCharacters);
            using var stream = new MemoryStream(bytes, writable: false);
            using var document = WordprocessingDocument.Open(stream, false, new OpenSettings { MaxCharactersInPart = maxCharacters });
            var main = document.MainDocumentPart;
            if (main?.Document?.Body is not { } body)
                throw new InvalidDataException("no Word document: it has no body");
            var headings = HeadingStyles(main);
            var html = new StringBuilder("<html><body><article>\n");
            foreach (var element in body.Elements())
                Block(element, headings, html);
            html.Append("</article></body></html>");
            return new DocumentContent(html.ToString(), NullIfBlank(document.PackageProperties.Title), NullIfBlank(document.PackageProperties.Creator));
        }
        catch (Exception e) when (e is not (InvalidDataException or OutOfMemoryException))
        {
            // Damaged packages give exceptions of many kinds: of the archive, the relationships, the XML.
            throw new InvalidDataException("no Word document: " + e.Message, e);
        }
    }

    /// <summary>
    /// Reads every part of the package once, whatever it is called, as a stream: the library would load them whole, as trees, and
    /// walk those by recursion.
    /// </summary>
    private static void CheckParts(byte[] bytes, long maxBytes)
    {
        using var package = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
        if (package.Entries.Count > MostParts)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"more than {MostParts:N0} parts in the document"));
        var (left, nodes) = (maxBytes, MostNodes);
        foreach (var entry in package.Entries)
        {
            if (!IsXml(entry))
                continue;
            using var part = new CountedStream(entry.Open(), left);
            using var xml = XmlReader.Create(part, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = maxBytes });
            try
            {
                while (xml.Read())
                {
                    nodes -= 1 + xml.AttributeCount;
                    if (xml.Depth > DeepestNode)
                        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"its XML is nested more than {DeepestNode} deep"));
                    if (nodes < 0)
                        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"more than {MostNodes:N0} elements in the document"));
                }
            }
            catch (XmlException)
            {
                // Not every part is one that is needed; what is needed and broken is refused where it is read.
            }

            left -= part.Count;
        }
    }

    private static bool IsXml(ZipArchiveEntry entry)
    {
        Span<byte> head = stackalloc byte[64];
        using var part = entry.Open();
        var text = head[..part.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        // Signs of an encoding, zero bytes of UTF-16 and white space may stand before the first mark.
        var first = text.IndexOfAnyExcept((ReadOnlySpan<byte>)[0, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF, 0xFE, 0xFF]);
        return first < 0 || text[first] == '<';
    }

    /// <summary>A stream that says how much was read of it, and breaks off behind a limit.</summary>
    private sealed class CountedStream(Stream part, long limit) : ForwardStream
    {
        public long Count { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = part.Read(buffer);
            Count += read;
            return Count <= limit ? read : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"its parts are larger than the limit when they are unpacked (--max-size raises it)"));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                part.Dispose();
            base.Dispose(disposing);
        }
    }

    private static void Block(OpenXmlElement element, Dictionary<string, int> headings, StringBuilder html)
    {
        switch (element)
        {
            case Paragraph paragraph:
                var text = TextOf(paragraph).Trim();
                if (text.Length == 0)
                    return;
                var style = paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value ?? "";
                var tag = headings.TryGetValue(style, out var level) ? $"h{level}"
                    : paragraph.ParagraphProperties?.NumberingProperties is not null ? "li" : "p";
                html.Append('<').Append(tag).Append('>').Append(WebUtility.HtmlEncode(text)).Append("</").Append(tag).Append(">\n");
                return;
            case Table table:
                html.Append("<table>");
                foreach (var row in table.Elements<TableRow>())
                {
                    html.Append("<tr>");
                    foreach (var cell in row.Elements<TableCell>())
                        html.Append("<td>").Append(WebUtility.HtmlEncode(TextOf(cell))).Append("</td>");
                    html.Append("</tr>");
                }

                html.Append("</table>\n");
                return;
            case SdtBlock { SdtContentBlock: { } content }:
                foreach (var inner in content.Elements())
                    Block(inner, headings, html);
                return;
        }
    }

    private static string TextOf(OpenXmlElement element)
    {
        var text = new StringBuilder();
        foreach (var part in element.Descendants())
        {
            switch (part)
            {
                case Text t:
                    text.Append(t.Text);
                    break;
                case TabChar or Break or CarriageReturn:
                    text.Append(' ');
                    break;
                case NoBreakHyphen:
                    text.Append('-');
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The levels of the heading styles, by style id; styles carry their English names in every language of Word.</summary>
    private static Dictionary<string, int> HeadingStyles(MainDocumentPart main)
    {
        var levels = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var style in main.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? [])
        {
            var name = style.StyleName?.Val?.Value ?? "";
            if (style.StyleId?.Value is not { } id)
                continue;
            if (name.Equals("title", StringComparison.OrdinalIgnoreCase))
                levels[id] = 1;
            else if (name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) && name.Length == 9 && char.IsAsciiDigit(name[8]))
                levels[id] = Math.Clamp(name[8] - '0' + 1, 2, 6);
        }

        return levels;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
