using System.Globalization;
using System.Text;
using Pipeline.Tests.Cli;
using static Pipeline.Tests.Reading.HostileFiles;

namespace Pipeline.Tests.Reading;

/// <summary>Small files that swell, nest or repeat without end: each is one row, and the articles beside them are read.</summary>
public class HostileFileTests
{
    /// <summary>200 MB and ten times the largest article, of the two megabytes that the test allows.</summary>
    private const string MostMemory = "0x10000000";

    private const string Good = "The harbour council voted on Tuesday to close the ferry terminal for two winters.";

    [Fact]
    public void Each_ends_in_its_row_and_none_ends_the_run()
    {
        using var folder = new TempFolder();
        foreach (var (name, bytes, _) in Files())
            folder.Write("in/" + name, bytes());
        folder.Write("in/zz-good.txt", Good);
        var run = Command.RunWith(
            null, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = MostMemory },
            "extract", folder["in"], "--out", folder["out"], "--max-size", "2", "--threads", "2");
        Assert.True(run.ExitCode == 3, run.Error);
        var articles = Tables.Read(folder["out"], "articles").Select(row => row["source"]).ToList();
        var errors = Tables.Read(folder["out"], "errors");
        Assert.Contains("zz-good.txt", articles);
        Assert.All(Files(), file =>
        {
            var row = errors.LastOrDefault(row => row["source"] == file.Name || row["source"].StartsWith(file.Name + "#", StringComparison.Ordinal));
            if (file.Expected.Length == 0)
                Assert.True(row is null && articles.Any(source => source.StartsWith(file.Name, StringComparison.Ordinal)), $"{file.Name}: {row?["error"]}");
            else if (file.Expected != "*")
                Assert.Contains(file.Expected, $"{file.Name}: {row?["error"]}", StringComparison.Ordinal);
            else
                Assert.True(row is not null || articles.Any(source => source.StartsWith(file.Name, StringComparison.Ordinal)), file.Name);
        });
        Assert.All(errors, row =>
        {
            Assert.DoesNotContain("fault of the program", row["error"], StringComparison.Ordinal);
            Assert.DoesNotContain(folder.Path, row["error"], StringComparison.Ordinal);
            Assert.DoesNotContain(row["error"], char.IsControl);
        });
    }

    /// <summary>A file, and what its row says: nothing where it is an article, a star where it may be either.</summary>
    private static IEnumerable<(string Name, Func<byte[]> Bytes, string Expected)> Files()
    {
        const string Swells = "--max-size";
        yield return ("pdf-forms-3-30.pdf", () => PdfForms(30, 3), "far more");
        yield return ("pdf-forms-2-40.pdf", () => PdfForms(40, 2), "far more");
        yield return ("pdf-forms-ring.pdf", () => PdfForms(3, 2, isRing: true), "*");
        yield return ("pdf-forms-deep.pdf", () => PdfForms(2000, 1), "*");
        yield return ("pdf-pile.pdf", () => Pdf(Latin("BT /F1 10 Tf " + Times("1 0 0 1 50 50 Tm (x) Tj ", 30_000) + "ET")), "piled");
        yield return ("pdf-pile-flate.pdf", () => Pdf(Flate(Latin("BT /F1 0.001 Tf 50 50 Td " + Times("(xxxxxxxxxx) Tj ", 4000) + "ET")), "/Filter /FlateDecode"), "piled");
        yield return ("pdf-letters.pdf", () => Pdf(Flate(Latin("BT /F1 1 Tf " + string.Concat(Enumerable.Range(0, 60_000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"1 0 0 1 {i % 300 * 2} {i / 300 * 4} Tm (x) Tj ")) ) + "ET")), "/Filter /FlateDecode"), "letters on page 1");
        yield return ("pdf-words.pdf", () => Pdf(Flate(Latin("BT /F1 1 Tf " + string.Concat(Enumerable.Range(0, 20_000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"1 0 0 1 {i % 100 * 6} {i / 100 * 4} Tm (x) Tj ")) ) + "ET")), "/Filter /FlateDecode"), "words on page 1");
        yield return ("pdf-lines.pdf", () => Pdf(Flate(Latin("BT /F1 1 Tf " + string.Concat(Enumerable.Range(0, 9000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"1 0 0 1 {i % 90 * 6} {i / 90 * 8} Tm (x) Tj ")) ) + "ET")), "/Filter /FlateDecode"), "*");
        yield return ("pdf-ops.pdf", () => Pdf(Flate(Latin(Times("q 1 0 0 1 0 0 cm Q ", 1_500_000))), "/Filter /FlateDecode"), "far larger");
        yield return ("pdf-states.pdf", () => Pdf(Flate(Latin(Times("q ", 4_000_000))), "/Filter /FlateDecode"), "*");
        yield return ("pdf-flate-thrice.pdf", () => Pdf(Flate(Flate(Flate(new byte[50_000_000]))), "/Filter [/FlateDecode /FlateDecode /FlateDecode]"), "*");
        yield return ("pdf-cmap.pdf", () => Pdf(
            Latin("BT /F1 10 Tf 50 50 Td (abc) Tj ET"), font: "/ToUnicode 6 0 R",
            objects: ("", Latin("/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange 2 beginbfrange <00000000> <7FFFFFFF> <0041> <00000000> <FFFFFFFE> <0041> endbfrange endcmap end"))), "*");
        yield return ("pdf-arrays.pdf", () => Pdf(Latin(Times("[", 200_000))), "*");
        yield return ("pdf-dictionaries.pdf", () => Pdf(Latin("BT ET"), resources: Times("/A << ", 100_000) + Times(">> ", 100_000)), "*");

        yield return ("word-paragraphs.docx", () => Word(Times("<w:p>", 100_000) + Times("</w:p>", 100_000)), "nested");
        yield return ("word-tables.docx", () => Word(Times("<w:tbl><w:tr><w:tc>", 30_000) + Paragraph("x") + Times("</w:tc></w:tr></w:tbl>", 30_000)), "nested");
        yield return ("word-controls.docx", () => Word(Times("<w:sdt><w:sdtContent>", 500) + Paragraph("x") + Times("</w:sdtContent></w:sdt>", 500)), "nested");
        yield return ("word-swells.docx", () => Word(Paragraph(new string('a', 30_000_000))), Swells);
        yield return ("word-many.docx", () => Word(Times("<w:p/>", 300_000) + Paragraph(Good)), "");
        yield return ("word-core.docx", () => Word(Paragraph(Good), ("docProps/core.xml", Core(new string('a', 60_000_000)))), Swells);
        yield return ("word-core-deep.docx", () => Word(Paragraph(Good), ("docProps/core.xml", Core(Times("<a>", 100_000) + Times("</a>", 100_000)))), "nested");
        yield return ("word-entities.docx", () => Word(Paragraph(Good), ("word/document.xml",
            """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>""" + WordStart + Paragraph("&b;") + WordEnd)), "no Word document");
        yield return ("word-target.docx", () => Word(Paragraph(Good), ("word/_rels/document.xml.rels",
            """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="http://[::/%" TargetMode="External"/><Relationship Id="r2" Type="x" Target="mailto:a b@@:::"/></Relationships>""")), "*");
        yield return ("word-loop.docx", () => Word(Paragraph(Good), ("word/_rels/document.xml.rels",
            """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="document.xml"/></Relationships>""")), "*");

        yield return ("bad-lines.jsonl.gz", () => Gzip(Latin(Times("x\n", 5_000_000))), "given up");
        yield return ("bad-lines.jsonl.zst", () => Zstd(Latin(Times("{}\n", 5_000_000))), "given up");
        yield return ("bad-lines.ndjson", () => Latin(Times("[1]\n", 20_000)), "given up");
        yield return ("long-line.jsonl.gz", () => Gzip(Latin("{\"text\":\"" + new string('a', 90_000_000) + "\"}")), "longer than the limit");
        yield return ("deep.jsonl", () => Latin("{\"text\":" + Times("[", 500_000) + Times("]", 500_000) + "}"), "not a JSON line");
        yield return ("deep-unused.jsonl", () => Latin("{\"x\":" + Times("{\"a\":", 200_000) + "1" + Times("}", 200_000) + ",\"text\":\"" + Good + "\"}"), "not a JSON line");
        yield return ("many-names.jsonl", () => Latin("{" + Times("\"a\":1,", 200_000) + "\"text\":\"" + Good + "\"}"), "");
        yield return ("swells.jsonl.gz", () => Gzip(Latin(Times("{\"text\":\"" + new string(' ', 1_500_000) + "x\"}\n", 150))), "swells");
        yield return ("swells.txt.gz", () => Gzip(new byte[100_000_000]), "--max-size");
        yield return ("swells.txt.zst", () => Zstd(new byte[100_000_000]), "--max-size");
        yield return ("swells.html.gz", () => Gzip(Latin(Times("<p>", 30_000_000))), "--max-size");
        yield return ("truncated.txt.gz", () => Gzip(Encoding.UTF8.GetBytes(Times(Good + "\n", 50) + Guid.Empty))[..^15], "broken data");
        yield return ("truncated.txt.zst", () => Zstd(Encoding.UTF8.GetBytes(Times(Good + "\n", 50)))[..^6], "cannot be read");

        yield return ("lines.txt", () => Latin(Times("a\n", 900_000)), "lines");
        yield return ("lines.md", () => Latin(Times("# a\n\n", 390_000)), "lines");
        yield return ("lines.jsonl", () => Latin("{\"text\":\"" + Times("a\\n", 450_000) + "\"}"), "lines");
        yield return ("spaces.txt", () => Latin(new string(' ', 1_900_000) + Good), "*");
        yield return ("quotes.txt", () => Latin(Times("\"", 500_000)), "*");
        yield return ("digits.txt", () => Encoding.UTF8.GetBytes("Title of it\n\u0661\u0662/\u0660\u0663/\u0662\u0660\u0662\u0664 10:30\nPublished: \uFF11\uFF12 March 2024\n" + Good), "");
        yield return ("deep.html", () => Latin(Times("<div>", 300_000) + Good), "*");
        yield return ("deep-tables.html", () => Latin(Times("<table><tr><td>", 100_000) + Good), "*");
        yield return ("attributes.html", () => Latin("<p " + Times("a=b ", 400_000) + ">" + Good), "*");
        yield return ("paragraphs.html", () => Latin(Times("<p>a", 400_000)), "*");
        yield return ("formatting.html", () => Latin(Times("<b><i><p>", 150_000) + Good), "*");
        yield return ("comments.html", () => Latin(Times("<!--", 400_000) + Good), "*");
        yield return ("script.html", () => Latin(Times("<script>", 200_000) + Good), "*");
        yield return ("json-ld.html", () => Latin("<script type=\"application/ld+json\">" + Times("{\"a\":[", 200_000) + "</script><p>" + Good), "*");

        yield return ("headers.eml", () => Latin("From: a@example.org\r\n" + Times("X-A: " + new string('b', 70) + "\r\n", 20_000) + "\r\n" + Good), "");
        yield return ("header.eml", () => Latin("From: a@example.org\r\nSubject: " + new string('b', 1_500_000) + "\r\n\r\n" + Good), "*");
        yield return ("addresses.eml", () => Latin("From: " + Times("a <a@example.org>, ", 60_000) + "\r\n\r\n" + Good), "*");
        yield return ("nested.eml", () => Latin("From: a@example.org\r\n" + string.Concat(Enumerable.Range(0, 3000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"))) + "\r\n" + Good), "*");
        yield return ("groups.eml", () => Latin("From: " + Times("a:", 300_000) + "\r\n\r\n" + Good), "*");
        yield return ("comments.eml", () => Latin("From: " + Times("(", 300_000) + "\r\nDate: " + Times("(", 300_000) + "\r\n\r\n" + Good), "*");

        yield return ("brotli.warc", () => WarcRecord("response", "http://example.org/", HttpPage([1, 2, 3, 0xFF, 0xFE, 0x80, 9, 9, 9, 9], "Content-Encoding: br\r\n")), "unpacked");
        yield return ("deflate.warc", () => WarcRecord("response", "http://example.org/", HttpPage([1, 2, 3, 0xFF, 0xFE, 0x80], "Content-Encoding: deflate\r\n")), "broken data");
        yield return ("gzip.warc", () => WarcRecord("response", "http://example.org/", HttpPage(Gzip(new byte[60_000_000]), "Content-Encoding: gzip\r\n")), "--max-size");
        yield return ("chunks.warc", () => WarcRecord("response", "http://example.org/", HttpPage(Latin(Times("1\r\na\r\n", 200_000) + "0\r\n\r\n"), "Transfer-Encoding: chunked\r\n")), "*");
        yield return ("no-page.warc", () => WarcRecord("request", "http://example.org/", Latin("GET / HTTP/1.1\r\n\r\n")), "no page");
        yield return ("resource.warc", () => WarcRecord("resource", "http://example.org/", Latin("<html><p>" + Good), "text/html"), "");
        yield return ("length.warc", () => Latin("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 1900000\r\n\r\nx"), "cannot be read");
        yield return ("headers.warc", () => Latin("WARC/1.0\r\n" + Times("A: b\r\n", 300_000)), "*");
    }
}
