using System.Net;
using System.Text;
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
    /// <exception cref="InvalidDataException">The bytes are no Word document, or a part is larger than the limit.</exception>
    public static (string Html, string? Title, string? Author) Read(byte[] bytes, long maxCharacters)
    {
        try
        {
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
            return (html.ToString(), NullIfBlank(document.PackageProperties.Title), NullIfBlank(document.PackageProperties.Creator));
        }
        catch (Exception e) when (e is OpenXmlPackageException or FileFormatException or System.Xml.XmlException or IOException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException("no Word document: " + e.Message, e);
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
