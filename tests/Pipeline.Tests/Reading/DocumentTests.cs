using System.Globalization;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Pipeline.Reading;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Pipeline.Tests.Reading;

public class DocumentTests
{
    [Fact]
    public void Reads_a_Word_document_with_its_headings_lists_and_tables()
    {
        var article = Read("brief.docx", Word(
            ("title", "The port & the fog"), ("heading 1", "Background"), (null, "Ankara froze the talks."), (null, "  "), (null, "<b>not markup</b>"))).Article!;
        Assert.Equal(ArticleFormat.Html, article.Format);
        Assert.Contains("<h1>The port &amp; the fog</h1>\n<h2>Background</h2>\n<p>Ankara froze the talks.</p>\n<p>&lt;b&gt;not markup&lt;/b&gt;</p>", article.Content, StringComparison.Ordinal);
        Assert.Equal("A. Writer", article.Author);
    }

    [Fact]
    public void Reads_a_PDF_as_paragraphs_without_running_headers_and_page_numbers()
    {
        var content = Read("brief.pdf", Pdf(
            ["Institute for Straits - Brief 7", "", "The ministers met in Ankara and agreed on a new treaty about the gov-", "ernment of the straits.", "", "- 1 -"],
            ["Institute for Straits - Brief 7", "", "Nobody had expected it to take so long.", "", "- 2 -"],
            ["Institute for Straits - Brief 7", "", "The talks go on in May.", "", "- 3 -"])).Article!.Content;
        Assert.Equal(
            "The ministers met in Ankara and agreed on a new treaty about the government of the straits.\n\nNobody had expected it to take so long.\n\nThe talks go on in May.",
            content);
    }

    [Fact]
    public void Reads_an_email_with_subject_sender_and_the_senders_day()
    {
        var article = Read("m.eml", Encoding.UTF8.GetBytes(
            "From: =?utf-8?q?S=C3=B8ren?= <s@example.org>\r\nSubject: Talks in Oslo\r\nDate: Mon, 11 Nov 2024 23:30:00 -0500\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe talks in Oslo ended.\r\n")).Article!;
        Assert.Equal(("Talks in Oslo", "Søren", new DateOnly(2024, 11, 11), "The talks in Oslo ended."), (article.Title, article.Author, article.Date, article.Content.Trim()));
    }

    [Theory]
    [InlineData("x.docx", "PK\u0003\u0004 but no document")]
    [InlineData("x.pdf", "%PDF-1.4 and nothing else")]
    [InlineData("x.pdf", "")]
    [InlineData("x.docx", "")]
    [InlineData("x.eml", "")]
    public void Refuses_a_document_that_is_none(string name, string content)
    {
        var outcome = Read(name, Encoding.Latin1.GetBytes(content));
        Assert.NotNull(outcome.Failure);
        Assert.DoesNotContain('\n', outcome.Failure.Error);
    }

    [Fact]
    public void Reads_the_pages_of_a_web_archive_and_nothing_else_of_it()
    {
        var archive = Concat(
            Record("warcinfo", null, "software: x"),
            Record("request", "http://example.org/a", "GET / HTTP/1.1\r\n\r\n"),
            Record("response", "http://example.org/a", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<html><p>Caf\u00E9 talks.</p></html>"),
            Record("response", "http://example.org/b.png", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nxx"),
            Record("response", "http://example.org/c", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>gone</html>"),
            Record("response", "http://example.org/d", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<p>Two\r\n6;x=y\r\n.</p>\n\r\n0\r\n\r\n"));
        foreach (var outcomes in (List<ReadOutcome>[])[ReadAll("a.warc", archive), ReadAll("a.warc.gz", Gzip(archive)), ReadAll("a.warc.zst", Zstd(archive))])
        {
            Assert.Equal(2, outcomes.Count);
            Assert.Equal("http://example.org/a", outcomes[0].Article!.Url);
            Assert.EndsWith("#3", outcomes[0].Article!.Source, StringComparison.Ordinal);
            Assert.Contains("Café talks.", outcomes[0].Article!.Content, StringComparison.Ordinal);
            Assert.Equal("<p>Two.</p>\n", outcomes[1].Article!.Content);
        }
    }

    [Fact]
    public void Reports_a_web_archive_that_breaks_off()
    {
        var archive = Record("response", "http://example.org/a", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Good.</p>");
        var outcomes = ReadAll("a.warc", [.. archive, .. archive[..^20]]);
        Assert.Equal("<p>Good.</p>", outcomes[0].Article!.Content);
        Assert.Contains("behind record 2", outcomes[1].Failure!.Error, StringComparison.Ordinal);
        Assert.Contains("no WARC record", ReadAll("b.warc", "hello"u8.ToArray()).Single().Failure!.Error, StringComparison.Ordinal);
    }

    private static ReadOutcome Read(string name, byte[] bytes) => ReadAll(name, bytes).Single();

    private static List<ReadOutcome> ReadAll(string name, byte[] bytes)
    {
        using var folder = new TempFolder();
        folder.Write(name, bytes);
        var options = new ReadingOptions();
        return [.. new InputWalker(options).Walk([folder.Path], () => Stream.Null).Select(new ArticleReader(options).Read)];
    }

    private static byte[] Word(params (string? Style, string Text)[] paragraphs)
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            document.PackageProperties.Creator = "A. Writer";
            var main = document.AddMainDocumentPart();
            var styles = main.AddNewPart<StyleDefinitionsPart>();
            styles.Styles = new Styles(paragraphs.Where(paragraph => paragraph.Style is not null).Select(paragraph =>
                new Style(new StyleName { Val = paragraph.Style }) { StyleId = "id-" + paragraph.Style, Type = StyleValues.Paragraph }));
            main.Document = new Document(new Body(paragraphs.Select(paragraph => new Paragraph(
                new ParagraphProperties(paragraph.Style is null ? [] : [new ParagraphStyleId { Val = "id-" + paragraph.Style }]),
                new Run(new Text(paragraph.Text), new DeletedText("deleted"))))));
        }

        return stream.ToArray();
    }

    private static byte[] Pdf(params string[][] pages)
    {
        using var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach (var lines in pages)
        {
            var page = builder.AddPage(UglyToad.PdfPig.Content.PageSize.A4);
            var y = 780.0;
            foreach (var line in lines)
            {
                if (line.Length > 0)
                    page.AddText(line, 11, new PdfPoint(60, y), font);
                y -= line.Length > 0 ? 14 : 40;
            }
        }

        return builder.Build();
    }

    private static byte[] Record(string type, string? url, string content)
    {
        var body = Encoding.Latin1.GetBytes(content);
        var head = string.Create(CultureInfo.InvariantCulture, $"WARC/1.0\r\nWARC-Type: {type}\r\n{(url is null ? "" : $"WARC-Target-URI: {url}\r\n")}Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body, .. "\r\n\r\n"u8];
    }

    private static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Zstd(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var packed = Compressions.Pack(target, Compression.Zstd))
            packed.Write(bytes);
        return target.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return target.ToArray();
    }
}
