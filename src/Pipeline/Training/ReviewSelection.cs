using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Training;

/// <summary>A sentence worth a second look, with the sentences around it and why it was chosen, in words.</summary>
internal sealed record ReviewRow(
    string Article, string Sentence, string Section, string Before, string Text, string After, string Role, string Confidence, string Why);

/// <summary>
/// Chooses the sentences of an output folder whose correction teaches most: those between two roles (smallest margin;
/// Scheffer et al. 2001), those whose role is not that of the rest of their section, and not too many of one article or of one
/// pair of roles.
/// </summary>
internal static class ReviewSelection
{
    private const double Odd = 0.3;
    private const double SameArticle = 0.1;
    private const double SamePair = 0.004;

    /// <summary>Chooses from a <c>sentences.csv</c>.</summary>
    /// <param name="path">The table.</param>
    /// <param name="most">How many.</param>
    /// <exception cref="UserFileException">The table is missing or has other columns.</exception>
    public static IReadOnlyList<ReviewRow> Choose(string path, int most)
    {
        var sentences = Read(path);
        var majority = sentences
            .Where(s => s.Section.Length > 0)
            .GroupBy(s => (s.Article, s.Section))
            .ToDictionary(g => g.Key, g => g.CountBy(s => s.Role).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).First());
        var candidates = new PriorityQueue<(int Index, double Value), (double, int)>();
        for (var i = 0; i < sentences.Count; i++)
        {
            var value = 1 - sentences[i].Margin + (IsOdd(sentences[i]) ? Odd : 0);
            candidates.Enqueue((i, value), (-value, i));
        }

        var articles = new Dictionary<string, int>(StringComparer.Ordinal);
        var pairs = new Dictionary<(string, string), int>();
        var chosen = new List<int>();
        while (chosen.Count < most && candidates.TryDequeue(out var next, out var rank))
        {
            var s = sentences[next.Index];
            var pair = (s.Role, s.Other);
            var worth = next.Value - (SameArticle * articles.GetValueOrDefault(s.Article)) - (SamePair * pairs.GetValueOrDefault(pair));
            // Worth less than when it was queued: back into the queue, unless it is still the best.
            if (-worth > rank.Item1 + 1e-9)
            {
                candidates.Enqueue(next, (-worth, next.Index));
                continue;
            }

            chosen.Add(next.Index);
            articles[s.Article] = articles.GetValueOrDefault(s.Article) + 1;
            pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }

        chosen.Sort();
        return [.. chosen.Select(Row)];

        bool IsOdd(Candidate s) => majority.TryGetValue((s.Article, s.Section), out var most) && most.Value > 2 && most.Key != s.Role;

        ReviewRow Row(int i)
        {
            var s = sentences[i];
            var odd = IsOdd(s) ? $"; most of its section is {majority[(s.Article, s.Section)].Key}" : "";
            return new ReviewRow(
                s.Article, s.Sentence, s.Section,
                i > 0 && sentences[i - 1].Article == s.Article ? sentences[i - 1].Text : "",
                s.Text,
                i + 1 < sentences.Count && sentences[i + 1].Article == s.Article ? sentences[i + 1].Text : "",
                s.Role, s.Confidence, $"between {s.Role} and {s.Other}{odd}");
        }
    }

    private static List<Candidate> Read(string path)
    {
        try
        {
            using var csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ',', TrackLineNumbers = true });
            csv.ReadHeader();
            var headers = csv.Headers.ToList();
            int Column(string name) => headers.IndexOf(name) is >= 0 and var at
                ? at
                : throw new UserFileException(path, 1, $"missing column {name}; expected the sentences.csv of pipeline extract");
            int article = Column("article_id"), sentence = Column("sentence_id"), section = Column("section"), role = Column("role"),
                confidence = Column("confidence"), text = Column("text");
            var probabilities = headers.Index().Where(h => h.Item.StartsWith("p_", StringComparison.Ordinal)).ToList();
            if (probabilities.Count < 2)
                throw new UserFileException(path, 1, "missing the columns p_LABEL; expected the sentences.csv of pipeline extract");
            var sentences = new List<Candidate>();
            while (csv.Read())
            {
                var ranked = probabilities
                    .Select(h => (Label: h.Item[2..], P: double.TryParse(csv.GetString(h.Index), System.Globalization.CultureInfo.InvariantCulture, out var p) ? p : throw new UserFileException(path, (int)csv.LineNumber, $"{h.Item} is no number")))
                    .OrderByDescending(p => p.P)
                    .ThenBy(p => p.Label, StringComparer.Ordinal)
                    .ToList();
                var own = csv.GetString(role);
                var other = ranked.Find(p => p.Label != own).Label;
                sentences.Add(new Candidate(
                    Cell(article), Cell(sentence), Cell(section), own, csv.GetString(confidence), other, ranked[0].P - ranked[1].P, Cell(text)));
            }

            return sentences;

            string Cell(int column) => FormulaGuard.Undo(csv.GetString(column));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvFormatException)
        {
            throw new UserFileException(path, 0, $"the table cannot be read ({e.Message}); name an output folder of pipeline extract", e);
        }
    }

    private sealed record Candidate(
        string Article, string Sentence, string Section, string Role, string Confidence, string Other, double Margin, string Text);
}
