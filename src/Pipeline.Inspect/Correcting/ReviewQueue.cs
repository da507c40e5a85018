using Pipeline.Inspect.Data;

namespace Pipeline.Inspect.Correcting;

/// <summary>A sentence worth a second look, and why, in words.</summary>
internal sealed record ReviewItem(string Article, int Sentence, string Why);

/// <summary>
/// The sentences whose correction teaches most, first: those between two roles (smallest margin; Scheffer et al. 2001) or of
/// another role than most of their section, not too many of one article or one pair of roles, and of sentences with the same
/// words only one.
/// </summary>
internal static class ReviewQueue
{
    private const int Considered = 4000;
    private const double Odd = 0.3;
    private const double SameArticle = 0.1;
    private const double SamePair = 0.004;

    /// <summary>Chooses among the sentences that nobody has corrected.</summary>
    /// <param name="store">The output.</param>
    /// <param name="most">How many.</param>
    public static IReadOnlyList<ReviewItem> Choose(OutputStore store, int most)
    {
        if (store.Labels.Count == 0)
            return [];
        var probabilities = string.Join(", ", store.Labels.Select(label => $"\"p_{label.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        var ranked = store.Labels.Count == 1 ? "1" : $"(list_reverse_sort([{probabilities}])[1] - list_reverse_sort([{probabilities}])[2])";
        var rows = store.Query($"""
            WITH unsure AS (SELECT n, {ranked} AS margin FROM sentences WHERE NOT corrected ORDER BY margin, n LIMIT {Considered})
            SELECT * FROM unsure JOIN sentences USING (n) ORDER BY margin, n
            """);
        var majority = Majorities(store);
        var candidates = new PriorityQueue<(int Index, double Value), (double, int)>();
        for (var i = 0; i < rows.Count; i++)
        {
            var value = 1 - rows[i].Number("margin") + (OddIn(rows[i]) is null ? 0 : Odd);
            candidates.Enqueue((i, value), (-value, i));
        }

        var articles = new Dictionary<string, int>(StringComparer.Ordinal);
        var pairs = new Dictionary<(string, string), int>();
        var texts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var chosen = new List<ReviewItem>();
        while (chosen.Count < most && candidates.TryDequeue(out var next, out var rank))
        {
            var row = rows[next.Index];
            var (article, role) = (row.Text("article_id"), row.Text("role"));
            var other = store.Labels.Where(label => label != role).MaxBy(label => row.Number("p_" + label)) ?? role;
            var worth = next.Value - (SameArticle * articles.GetValueOrDefault(article)) - (SamePair * pairs.GetValueOrDefault((role, other)));
            // Worth less than when it was queued: back into the queue.
            if (-worth > rank.Item1 + 1e-9)
            {
                candidates.Enqueue(next, (-worth, next.Index));
                continue;
            }

            if (!texts.Add(row.Text("text")))
                continue;
            articles[article] = articles.GetValueOrDefault(article) + 1;
            pairs[(role, other)] = pairs.GetValueOrDefault((role, other)) + 1;
            chosen.Add(new ReviewItem(
                article, (int)row.Whole("sentence_id"), $"between {role} and {other}" + (OddIn(row) is { } usual ? $"; most of its section is {usual}" : "")));
        }

        return chosen;

        string? OddIn(Row row) => majority.TryGetValue((row.Text("article_id"), row.Text("section")), out var usual) && usual != row.Text("role") ? usual : null;

        Dictionary<(string, string), string> Majorities(OutputStore asked)
        {
            var ids = rows.Select(row => row.Text("article_id")).Distinct(StringComparer.Ordinal).ToList();
            return asked.Query(
                    "SELECT article_id, section, role, count(*) AS k FROM sentences WHERE section <> '' AND article_id IN (SELECT unnest($ids)) GROUP BY ALL",
                    new Dictionary<string, object> { ["ids"] = ids })
                .GroupBy(row => (row.Text("article_id"), row.Text("section")))
                .Select(group => (group.Key, Most: group.OrderByDescending(row => row.Whole("k")).ThenBy(row => row.Text("role"), StringComparer.Ordinal).First()))
                .Where(found => found.Most.Whole("k") > 2)
                .ToDictionary(found => found.Key, found => found.Most.Text("role"));
        }
    }
}
