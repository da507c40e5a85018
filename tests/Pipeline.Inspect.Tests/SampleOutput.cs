using System.Globalization;
using Pipeline.Reading;
using Pipeline.Writing;

namespace Pipeline.Inspect.Tests;

/// <summary>A small output folder, made by hand: two articles, one of them hostile, and an error. Gone when the test is over.</summary>
internal sealed class SampleOutput : IDisposable
{
    public const string Script = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
    public const string Quiet = "0000000000000001";
    public const string Hostile = "0000000000000002";

    private static readonly string[] Labels = ["context", "implication", "motivation"];
    private readonly List<string> tables = [];

    public SampleOutput(bool parquet = false, Compression compression = Compression.None)
    {
        Folder = Directory.CreateTempSubdirectory("pipeline-inspect-test-").FullName;
        var parts = OutputTables.For(Labels, withTokens: false, withWhy: false).ToDictionary(t => t.Name, t => new List<string[]> { t.Columns.Select(c => c.Name).ToArray() });
        Add(parts, Quiet, "harbour.txt", "The harbour reopens", "2024-05-03", "What happened",
        [
            ("The 🚢 harbour of Odesa reopened on Friday.", "context", 0.97, [("Odesa", "GPE", "Odesa", "UKR")], [("Friday", "DATE", "2024-05-03", "2024-05-03")]),
            ("Kyiv wants the grain to leave before winter.", "motivation", 0.55, [("Kyiv", "GPE", "Ukraine", "UKR")], [("winter", "DATE", "2024-WI", "2024-12-01")]),
            ("Prices could fall across the region.", "implication", 0.81, [], []),
            ("Insurers still ask for a premium.", "context", 0.62, [], []),
        ]);
        Add(parts, Hostile, "feeds/evil.jsonl#7", Script, "", "=HYPERLINK(\"http://example.org\")",
        [
            ($"=1+1 {Script} said the minister.", "context", 0.41, [("minister", "PERSON", Script, "")], []),
            ("A \u202Ereversed\u202C sentence with a \u0007 bell and " + new string('x', 5000) + ".", "implication", 0.44, [], []),
            ("'quoted' & <b>bold</b> stays text.", "motivation", 0.71, [], []),
        ]);
        parts["errors"].Add(["broken.bin", "reading", "binary; not an article"]);
        var columns = OutputTables.For(Labels, withTokens: false, withWhy: false).ToDictionary(t => t.Name);
        foreach (var (table, rows) in parts)
        {
            using var csv = new CsvTable();
            foreach (var row in rows)
            {
                foreach (var cell in row)
                    csv.Text(cell);
                csv.EndRow();
            }

            tables.Add(Path.Combine(Folder, table + ".csv"));
            File.WriteAllBytes(tables[^1], csv.Take());
            if (compression != Compression.None)
            {
                TableConverter.Convert(tables[^1], columns[table], OutputFormat.Csv, tables[^1] + compression.Ending(), compression);
                File.Delete(tables[^1]);
            }

            if (!parquet)
                continue;
            TableConverter.Convert(tables[^1], columns[table], OutputFormat.Parquet, Path.ChangeExtension(tables[^1], ".parquet"));
            File.Delete(tables[^1]);
        }
    }

    public string Folder { get; }

    public string Corrections => Path.Combine(Folder, "corrections.csv");

    /// <summary>The bytes of the run's own tables.</summary>
    public string Bytes() => string.Concat(tables.Select(File.ReadAllText));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Add(
        Dictionary<string, List<string[]>> tables, string id, string source, string title, string date, string heading,
        (string Text, string Role, double Confidence, (string, string, string, string)[] Names, (string, string, string, string)[] Dates)[] sentences)
    {
        var text = heading + "\n\n" + string.Join(" ", sentences.Select(s => s.Text));
        var at = Runes(heading) + 2;
        for (var i = 0; i < sentences.Length; i++)
        {
            var (sentence, role, confidence, names, dates) = sentences[i];
            var rest = (1 - confidence) / 2;
            string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
            tables["sentences"].Add(
            [
                id, Text(i + 1), "1", heading, Text(at), Text(at + Runes(sentence)), role, Number(confidence),
                .. Labels.Select(label => Number(label == role ? confidence : rest)), sentence,
            ]);
            foreach (var (mention, type, canonical, country) in names)
            {
                var start = at + Runes(sentence[..sentence.IndexOf(mention, StringComparison.Ordinal)]);
                tables["entities"].Add([id, Text(i + 1), Text(start), Text(start + Runes(mention)), mention, type, canonical, country, "0.9000"]);
            }

            foreach (var (mention, type, value, day) in dates)
            {
                var start = at + Runes(sentence[..sentence.IndexOf(mention, StringComparison.Ordinal)]);
                tables["dates"].Add([id, Text(i + 1), Text(start), Text(start + Runes(mention)), mention, type, value, "", day, day]);
            }

            at += Runes(sentence) + 1;
        }

        tables["articles"].Add(
        [
            id, source, title, "", date, date.Length > 0 ? "metadata" : "none", "", "en", "1", Text(sentences.Length), "50", new string('0', 64), "", text,
        ]);
    }

    private static int Runes(string text) => text.EnumerateRunes().Count();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
