using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Training;

/// <summary>A sentence worth a second look, with the sentences around it and why it was chosen, in words.</summary>
internal sealed record ReviewRow(
    string Article, string Sentence, string Section, string Before, string Text, string After, string Role, string Confidence, string Why);

/// <summary>Chooses the sentences of an output folder whose correction teaches most (<see cref="ReviewOrder"/>).</summary>
internal static class ReviewSelection
{
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
        var candidates = sentences.ConvertAll(s => new ReviewCandidate(
            s.Article, s.Role, s.Other, s.Margin,
            majority.TryGetValue((s.Article, s.Section), out var usual) && usual.Value > ReviewOrder.FewUsual && usual.Key != s.Role ? usual.Key : null));
        return [.. ReviewOrder.Choose(candidates, most).Order().Select(Row)];

        ReviewRow Row(int i)
        {
            var s = sentences[i];
            return new ReviewRow(
                s.Article, s.Sentence, s.Section,
                i > 0 && sentences[i - 1].Article == s.Article ? sentences[i - 1].Text : "",
                s.Text,
                i + 1 < sentences.Count && sentences[i + 1].Article == s.Article ? sentences[i + 1].Text : "",
                s.Role, s.Confidence, candidates[i].Why);
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
