using System.Globalization;
using System.IO.Compression;
using System.Text;
using Pipeline.Reading;
using Pipeline.Tests.Cli;
using static Pipeline.Tests.Reading.HostileFiles;

namespace Pipeline.Tests.Reading;

/// <summary>
/// The seeds in every format of the input, damaged in ways that a seed of random numbers fixes: each of them is in the tables or
/// in <c>errors.csv</c>, and none ends, hangs or starves the run. <c>PIPELINE_FAULTS=long</c> tries six thousand;
/// <c>PIPELINE_MUTATIONS_KEEP=folder</c> keeps those that a test complained about.
/// </summary>
public class MutationTests
{
    private const int Few = 300;
    private const int Many = 6000;
    private const int InOneRun = 500;

    /// <summary>200 MB and ten times the largest article, of the two megabytes that the test allows.</summary>
    private const string MostMemory = "0x10000000";

    /// <summary>Bytes that stand for something in one format or another.</summary>
    private static readonly string[] Marks =
    [
        "\0", "\u00FF", "\u00FE\u00FF", "\u00EF\u00BB\u00BF", "\n", "\r\n\r\n", "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", "<", ">", "</", "<!--", "]]>", "&#0;", "&#x110000;",
        "<p>", "<script>", "<table>", "(", ")", "<<", ">>", "obj", "endobj", "stream", "endstream", "0 R", "BT", "ET", "Do", "Tj", "%", "PK\u0003\u0004", "PK\u0001\u0002", "\u001F\u008B\b",
        "\u0028\u00B5\u002F\u00FD", "WARC/1.0", "Content-Length: -1", "Content-Length: 99999999999", "boundary=", "--", "=?utf-8?b?", "NaN", "1e999", "-1", "2147483648", "9999999999999999999",
        "\u001B[31m", "\u00E2\u0080\u00AE", "\u00D9\u00A1", "=cmd|", "\t",
    ];

    [Fact]
    public void Every_mutation_of_the_seeds_is_an_article_or_an_error()
    {
        var count = Environment.GetEnvironmentVariable("PIPELINE_FAULTS") == "long" ? Many : Few;
        var originals = Originals();
        var complaints = new List<string>();
        for (var from = 0; from < count; from += InOneRun)
            complaints.AddRange(Try(originals, from, Math.Min(count, from + InOneRun)));
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    private static List<string> Try(List<(string Ending, byte[] Bytes)> originals, int from, int to)
    {
        using var folder = new TempFolder();
        var names = new List<string>();
        for (var i = from; i < to; i++)
        {
            var (ending, bytes) = originals[i % originals.Count];
            var name = string.Create(CultureInfo.InvariantCulture, $"{i:00000}{ending}");
            names.Add(name);
            folder.Write("in/" + name, Mutate(ending, bytes, new Random(i)));
        }

        var complaints = new List<string>();
        var run = Command.RunWith(
            null, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = MostMemory },
            "extract", folder["in"], "--out", folder["out"], "--max-size", "2", "--threads", "2");
        if (run.ExitCode is not (0 or 3))
        {
            complaints.Add($"the run ended with {run.ExitCode}: {run.Error}");
            Keep(folder, names);
            return complaints;
        }

        var errors = Tables.Read(folder["out"], "errors");
        var met = errors.Concat(Tables.Read(folder["out"], "articles")).Select(row => row["source"].Split('#')[0]).ToHashSet();
        var lost = names.Where(name => !met.Contains(name)).ToList();
        complaints.AddRange(lost.Select(name => $"{name}: lost"));
        var faults = errors.Where(row => row["error"].Contains("fault of the program", StringComparison.Ordinal)).ToList();
        complaints.AddRange(faults.Select(row => $"{row["source"]}: {row["stage"]}: {row["error"]}"));
        Keep(folder, lost.Concat(faults.Select(row => row["source"].Split('#')[0])));
        return complaints;
    }

    private static void Keep(TempFolder folder, IEnumerable<string> names)
    {
        if (Environment.GetEnvironmentVariable("PIPELINE_MUTATIONS_KEEP") is not { } keep)
            return;
        Directory.CreateDirectory(keep);
        foreach (var name in names)
            File.Copy(folder["in/" + name], Path.Combine(keep, name), overwrite: true);
    }

    /// <summary>The seeds as they are, and what they hold in the formats that they are not in.</summary>
    private static List<(string Ending, byte[] Bytes)> Originals()
    {
        var files = Directory.GetFiles(Repository.Seeds).Order(StringComparer.Ordinal)
            .Select(path => (Ending: Path.GetFileName(path)[Path.GetFileName(path).IndexOf('.', StringComparison.Ordinal)..], Bytes: File.ReadAllBytes(path))).ToList();
        var text = files.First(file => file.Ending == ".txt").Bytes;
        var page = files.First(file => file.Ending is ".html").Bytes;
        var lines = files.First(file => file.Ending is ".jsonl").Bytes;
        var words = Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var word = Word(string.Concat(words.Select(line => Paragraph(System.Security.SecurityElement.Escape(line)))));
        var content = Latin("BT /F1 10 Tf 14 TL 50 760 Td " + string.Concat(words.Take(40).Select(line =>
            $"({new string([.. line.Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or ',').Take(90)])}) Tj T* ")) + "ET");
        var warc = (byte[])[
            .. WarcRecord("warcinfo", "", Latin("software: x"), "application/warc-fields"), .. WarcRecord("response", "http://example.org/a", HttpPage(page)),
            .. WarcRecord("response", "http://example.org/b", HttpPage(Gzip(page), "Content-Encoding: gzip\r\n")), .. WarcRecord("resource", "http://example.org/c", page, "text/html")];
        var mail = (byte[])[.. Latin("From: A. Writer <a@example.org>\r\nSubject: =?utf-8?b?VGFsa3M=?=\r\nDate: Mon, 11 Nov 2024 23:30:00 -0500\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=edge\r\n\r\n"
            + "--edge\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(text) + "\r\n--edge\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"),
            .. page, .. Latin("\r\n--edge--\r\n")];
        return
        [
            .. files, (".docx", word), (".pdf", Pdf(content)), (".pdf", Pdf(Flate(content), "/Filter /FlateDecode")), (".pdf", PdfForms(3, 2)), (".eml", mail), (".warc", warc),
            (".warc.gz", Gzip(warc)), (".warc.zst", Zstd(warc)), (".html.gz", Gzip(page)), (".txt.zst", Zstd(text)), (".jsonl.zst", Zstd(lines)), (".docx.gz", Gzip(word)), (".eml.zst", Zstd(mail)),
        ];
    }

    /// <summary>Half of the damage to a packed file is done to what is in it, since damaged packing alone is refused early.</summary>
    private static byte[] Mutate(string ending, byte[] bytes, Random random)
    {
        if (random.Next(2) == 0)
        {
            if (ending.EndsWith(".gz", StringComparison.Ordinal))
                return Gzip(Mutate(ending[..^3], Unpack(bytes, Compression.Gzip), random));
            if (ending.EndsWith(".zst", StringComparison.Ordinal))
                return Zstd(Mutate(ending[..^4], Unpack(bytes, Compression.Zstd), random));
            if (ending == ".docx")
                return MutatePart(bytes, random);
        }

        var mutated = bytes.ToList();
        for (var times = 1 + random.Next(8); times > 0; times--)
            MutateOnce(mutated, random);
        return [.. mutated];
    }

    private static byte[] Unpack(byte[] bytes, Compression compression)
    {
        using var unpacked = Compressions.Unpack(new MemoryStream(bytes), compression);
        using var whole = new MemoryStream();
        unpacked.CopyTo(whole);
        return whole.ToArray();
    }

    private static byte[] MutatePart(byte[] package, Random random)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        var chosen = random.Next(zip.Entries.Count);
        return Zip(zip.Entries.Select((entry, i) =>
        {
            using var stream = entry.Open();
            using var whole = new MemoryStream();
            stream.CopyTo(whole);
            return (entry.FullName, i == chosen ? Mutate(".xml", whole.ToArray(), random) : whole.ToArray());
        }));
    }

    private static void MutateOnce(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, 1 << random.Next(12));
        switch (random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                var times = 1 << random.Next(6);
                var piece = bytes.GetRange(at, length);
                for (var i = 0; i < times; i++)
                    bytes.InsertRange(at, piece);
                break;
            case 4 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                var from = random.Next(bytes.Count + 1);
                bytes.InsertRange(at, bytes.GetRange(from, Math.Min(bytes.Count - from, length)));
                break;
            default:
                bytes.InsertRange(at, Latin(Times(Marks[random.Next(Marks.Length)], 1 << random.Next(random.Next(12) + 1))));
                break;
        }
    }
}
