using System.Globalization;
using System.Text.Json;

namespace Pipeline.Training;

/// <summary>
/// Reads labels by the file's ending: <c>.csv</c> as the contract has it; <c>.jsonl</c> as CSAbstruct publishes it,
/// <c>.txt</c> as NICTA-PIBOSO, <c>.zip</c> of <c>.txt</c> and <c>.ann</c> as NewsDiscourse; beside tables without texts also the
/// sets of <see cref="LentTexts"/>.
/// </summary>
internal static class LabelFormats
{
    // A label of this confidence counts as one.
    private const float UsualConfidence = 0.65f;

    /// <summary>Reads the articles of several files.</summary>
    /// <param name="paths">The files. Beside a table without texts, a set lends its texts and not its roles.</param>
    /// <param name="lenders">Files of which the sets lend texts where the tables need them, and are never read as labels.</param>
    /// <exception cref="UserFileException">A file cannot be read or a line is wrong.</exception>
    public static List<LabelledArticle> Read(IReadOnlyList<string> paths, IReadOnlyList<string>? lenders = null)
    {
        var sources = paths.Concat(lenders ?? []).Where(LentTexts.IsSource).Distinct(StringComparer.Ordinal).ToList();
        var tables = paths.Where(p => LentTexts.Ending(p) is not (".jsonl" or ".txt") && !LentTexts.IsSource(p)).ToList();
        var texts = sources.Count > 0 && tables.Exists(LabelsFile.LacksText) ? LentTexts.Read(sources) : null;
        var articles = LabelsFile.Read(tables, texts);
        foreach (var path in texts is null ? paths : paths.Except(sources))
        {
            try
            {
                switch (LentTexts.Ending(path))
                {
                    case ".jsonl":
                        articles.AddRange(ReadAbstracts(File.ReadLines(path), path));
                        break;
                    case ".txt":
                        articles.AddRange(ReadTabbed(File.ReadLines(path), path));
                        break;
                    case ".zip":
                        using (var stream = File.OpenRead(path))
                            articles.AddRange(DiscourseZip.Articles(stream, path));
                        break;
                    case var _ when LentTexts.IsSource(path):
                        throw new UserFileException(path, 0, "this set has no roles of its own; give it beside a labels CSV without a text column, or leave it out");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new UserFileException(path, 0, $"the labels cannot be read ({e.Message})", e);
            }
        }

        return articles;
    }

    /// <summary>One JSON object a line: <c>sentences</c>, <c>labels</c> and, if present, <c>confs</c>: how sure the annotators were of
    /// each label, by which sentences count more or less in training (allenai/sequential_sentence_classification).</summary>
    internal static IEnumerable<LabelledArticle> ReadAbstracts(IEnumerable<string> lines, string path)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            (string, string)[] rows;
            float[] weights = [];
            try
            {
                using var json = JsonDocument.Parse(line);
                var sentences = json.RootElement.GetProperty("sentences").EnumerateArray().Select(e => e.GetString()!);
                var labels = json.RootElement.GetProperty("labels").EnumerateArray().Select(e => e.GetString()!).ToList();
                rows = [.. sentences.Zip(labels)];
                if (rows.Length == 0 || rows.Length != labels.Count)
                    throw new UserFileException(path, number, "expected as many labels as sentences");
                if (json.RootElement.TryGetProperty("confs", out var confidences))
                    weights = [.. confidences.EnumerateArray().Select(c => Math.Clamp(c.GetSingle(), 0, 1) / UsualConfidence)];
                if (weights.Length > 0 && weights.Length != rows.Length)
                    throw new UserFileException(path, number, "expected as many confs as sentences");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new UserFileException(path, number, $"this is no abstract in JSON ({e.Message}); expected sentences and labels", e);
            }

            yield return Article(Name(path) + "-" + number.ToString(CultureInfo.InvariantCulture), path, rows, number) with { SentenceWeights = weights };
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
}
