using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Pipeline.Training;

/// <summary>
/// Reads labels by the file's ending: <c>.csv</c> as the contract has it; <c>.jsonl</c> as CSAbstruct publishes it,
/// <c>.txt</c> as NICTA-PIBOSO, <c>.zip</c> of <c>.txt</c> and <c>.ann</c> as NewsDiscourse.
/// </summary>
internal static class LabelFormats
{
    /// <summary>Reads the articles of several files.</summary>
    /// <exception cref="UserFileException">A file cannot be read or a line is wrong.</exception>
    public static List<LabelledArticle> Read(IReadOnlyList<string> paths)
    {
        var articles = LabelsFile.Read(paths.Where(p => Ending(p) is not (".jsonl" or ".txt" or ".zip")));
        foreach (var path in paths)
        {
            try
            {
                switch (Ending(path))
                {
                    case ".jsonl":
                        articles.AddRange(ReadAbstracts(File.ReadLines(path), path));
                        break;
                    case ".txt":
                        articles.AddRange(ReadTabbed(File.ReadLines(path), path));
                        break;
                    case ".zip":
                        using (var stream = File.OpenRead(path))
                            articles.AddRange(ReadDiscourse(stream, path));
                        break;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new UserFileException(path, 0, $"the labels cannot be read ({e.Message})", e);
            }
        }

        return articles;
    }

    /// <summary>One JSON object a line: <c>sentences</c> and <c>labels</c> (allenai/sequential_sentence_classification).</summary>
    internal static IEnumerable<LabelledArticle> ReadAbstracts(IEnumerable<string> lines, string path)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            (string, string)[] rows;
            try
            {
                using var json = JsonDocument.Parse(line);
                var sentences = json.RootElement.GetProperty("sentences").EnumerateArray().Select(e => e.GetString()!);
                var labels = json.RootElement.GetProperty("labels").EnumerateArray().Select(e => e.GetString()!).ToList();
                rows = [.. sentences.Zip(labels)];
                if (rows.Length == 0 || rows.Length != labels.Count)
                    throw new UserFileException(path, number, "expected as many labels as sentences");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new UserFileException(path, number, $"this is no abstract in JSON ({e.Message}); expected sentences and labels", e);
            }

            yield return Article(Name(path) + "-" + number.ToString(CultureInfo.InvariantCulture), path, rows, number);
        }
    }

    /// <summary>A line <c>###id</c> opens an abstract, then one line a sentence: label, tab, text (jind11/HSLN).</summary>
    internal static IEnumerable<LabelledArticle> ReadTabbed(IEnumerable<string> lines, string path)
    {
        var rows = new List<(string, string)>();
        var id = "";
        var number = 0;
        var first = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.StartsWith("###", StringComparison.Ordinal))
            {
                if (rows.Count > 0)
                    yield return Article(id, path, rows, first);
                rows.Clear();
                id = line[3..].Trim();
                first = number + 1;
            }
            else if (line.Length > 0)
            {
                var tab = line.IndexOf('\t', StringComparison.Ordinal);
                if (tab <= 0 || tab == line.Length - 1 || id.Length == 0)
                    throw new UserFileException(path, number, "expected a label, a tab and a sentence, below a line ###id");
                rows.Add((line[(tab + 1)..], line[..tab]));
            }
        }

        if (rows.Count > 0)
            yield return Article(id, path, rows, first);
    }

    /// <summary>
    /// Pairs of <c>.txt</c> (H headline, S1 … one line a sentence, blank lines between paragraphs) and brat <c>.ann</c>
    /// (prafulla77/Discourse_Profiling). Sentences that are no part of the article (NA) or have no role are left out.
    /// </summary>
    internal static IEnumerable<LabelledArticle> ReadDiscourse(Stream stream, string path)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var entries = zip.Entries
            .Where(e => !e.FullName.Contains("__MACOSX", StringComparison.Ordinal) && Ending(e.FullName) is ".txt" or ".ann")
            .ToDictionary(e => e.FullName, StringComparer.Ordinal);
        foreach (var name in entries.Keys.Where(n => Ending(n) == ".txt").Order(StringComparer.Ordinal))
        {
            if (!entries.TryGetValue(name[..^4] + ".ann", out var annotation))
                continue;
            var roles = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in Lines(annotation))
            {
                var cells = line.Split('\t');
                if (cells.Length == 3 && !cells[1].StartsWith("Speech", StringComparison.Ordinal))
                    roles[cells[2].Trim()] = cells[1].Split(' ')[0];
            }

            if (Discourse(Lines(entries[name]), roles, Name(name), path) is { } article)
                yield return article;
        }
    }

    private static LabelledArticle? Discourse(IEnumerable<string> lines, Dictionary<string, string> roles, string id, string path)
    {
        var cuts = new List<(string Text, string Section, int Paragraph)>();
        var labels = new List<string>();
        var ids = new List<string>();
        var title = (string?)null;
        var paragraph = 0;
        var blank = true;
        foreach (var line in lines)
        {
            var text = line.Trim();
            var space = text.IndexOfAny([' ', '\t']);
            if (text.Length == 0)
            {
                blank = true;
                continue;
            }

            var mark = space < 0 ? text : text[..space];
            var rest = space < 0 ? "" : text[space..].Trim();
            if (mark == "H")
            {
                title = rest.Length > 0 ? rest : null;
            }
            else if (roles.TryGetValue(mark, out var role) && role != "NA" && rest.Length > 0)
            {
                if (blank)
                    paragraph++;
                blank = false;
                cuts.Add((rest, "", paragraph));
                labels.Add(role);
                ids.Add(mark);
            }
        }

        return cuts.Count == 0
            ? null
            : new LabelledArticle(LabelledArticle.Cut(id, path, title, cuts), labels, ids) { Group = id, Path = path };
    }

    private static IEnumerable<string> Lines(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static LabelledArticle Article(string id, string path, IReadOnlyList<(string Text, string Label)> rows, int firstLine) =>
        new(
            LabelledArticle.Cut(id, path, null, [.. rows.Select(r => (r.Text, "", 0))]),
            [.. rows.Select(r => r.Label)],
            [.. rows.Select((_, i) => (i + 1).ToString(CultureInfo.InvariantCulture))])
        {
            Group = id,
            Path = path,
            Lines = [.. rows.Select((_, i) => firstLine + i)],
        };

    private static string Name(string path) => System.IO.Path.GetFileNameWithoutExtension(path);

    private static string Ending(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant();
}
