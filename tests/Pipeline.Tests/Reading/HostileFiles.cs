using System.Globalization;
using System.IO.Compression;
using System.Text;
using Pipeline.Reading;

namespace Pipeline.Tests.Reading;

/// <summary>Files that are small and cost their readers much, and the plain ones that mutations are made of.</summary>
internal static class HostileFiles
{
    public const string WordStart = """<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>""";
    public const string WordEnd = "</w:body></w:document>";

    public static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    public static string Times(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    public static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var packed = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
            packed.Write(bytes);
        return target.ToArray();
    }

    public static byte[] Zstd(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var packed = Compressions.Pack(target, Compression.Zstd))
            packed.Write(bytes);
        return target.ToArray();
    }

    /// <summary>A package of Word with a body, and parts that replace or join the others.</summary>
    public static byte[] Word(string body, params (string Name, string Content)[] parts)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["[Content_Types].xml"] = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>""",
            ["_rels/.rels"] = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>""",
            ["docProps/core.xml"] = Core("A quiet title"),
            ["word/document.xml"] = WordStart + body + WordEnd,
        };
        foreach (var (name, content) in parts)
            all[name] = content;
        return Zip(all.Select(part => (part.Key, Encoding.UTF8.GetBytes(part.Value))));
    }

    public static string Core(string title) =>
        $"""<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>""";

    public static string Paragraph(string text) => $"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>";

    public static byte[] Zip(IEnumerable<(string Name, byte[] Bytes)> parts)
    {
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in parts)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(bytes);
            }
        }

        return target.ToArray();
    }

    /// <summary>A PDF of one page: its content, further resources of the page, and further objects from number 6.</summary>
    public static byte[] Pdf(byte[] content, string filter = "", string resources = "", string font = "", params (string Dictionary, byte[] Bytes)[] objects)
    {
        var pdf = new MemoryStream();
        var starts = new List<long>();
        void Add(string text) => pdf.Write(Encoding.Latin1.GetBytes(text));
        void Begin()
        {
            starts.Add(pdf.Position);
            Add(string.Create(CultureInfo.InvariantCulture, $"{starts.Count} 0 obj\n"));
        }

        void AddStream(string dictionary, byte[] bytes)
        {
            Begin();
            Add(string.Create(CultureInfo.InvariantCulture, $"<< {dictionary} /Length {bytes.Length} >>\nstream\n"));
            pdf.Write(bytes);
            Add("\nendstream\nendobj\n");
        }

        Add("%PDF-1.7\n");
        foreach (var text in (string[])
        [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> {resources} >> >>",
            $"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {font} >>",
        ])
        {
            Begin();
            Add(text + "\nendobj\n");
        }

        AddStream(filter, content);
        foreach (var (dictionary, bytes) in objects)
            AddStream(dictionary, bytes);
        var table = pdf.Position;
        Add(string.Create(CultureInfo.InvariantCulture, $"xref\n0 {starts.Count + 1}\n0000000000 65535 f \n"));
        foreach (var start in starts)
            Add(string.Create(CultureInfo.InvariantCulture, $"{start:0000000000} 00000 n \n"));
        Add(string.Create(CultureInfo.InvariantCulture, $"trailer << /Size {starts.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
        return pdf.ToArray();
    }

    public static byte[] Flate(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var packed = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
            packed.Write(bytes);
        return target.ToArray();
    }

    /// <summary>Forms of which each calls the next a number of times, the last one the first where they are a ring.</summary>
    public static byte[] PdfForms(int forms, int calls, bool isRing = false)
    {
        var objects = new (string, byte[])[forms];
        for (var i = 0; i < forms; i++)
        {
            var next = i + 1 < forms ? i + 1 : isRing ? 0 : -1;
            var resources = next < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"/XObject << /X {6 + next} 0 R >>");
            objects[i] = (
                $"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F1 4 0 R >> {resources} >>",
                Latin(next < 0 ? "BT /F1 10 Tf 10 10 Td (x) Tj ET" : Times("/X Do ", calls)));
        }

        return Pdf(Latin("/X Do"), resources: "/XObject << /X 6 0 R >>", objects: objects);
    }

    public static byte[] WarcRecord(string type, string url, byte[] content, string media = "application/http; msgtype=response") =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"WARC/1.0\r\nWARC-Type: {type}\r\nWARC-Target-URI: {url}\r\nContent-Type: {media}\r\nContent-Length: {content.Length}\r\n\r\n")),
        .. content, .. "\r\n\r\n"u8,
    ];

    public static byte[] HttpPage(byte[] body, string headers = "") => [.. Latin($"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n"), .. body];
}
