using Pipeline.Inspect.Data;
using Pipeline.Training;

namespace Pipeline.Inspect.Correcting;

/// <summary>A sentence worth a second look, and why, in words.</summary>
internal sealed record ReviewItem(string Article, int Sentence, string Why);

/// <summary>
/// The sentences whose correction teaches most, first (<see cref="ReviewOrder"/>), and of sentences with the same words only
/// one.
/// </summary>
internal static class ReviewQueue
{
    private const int Considered = 4000;

    /// <summary>By how much the likeliest role is ahead of the next.</summary>
    private static string Margin(IReadOnlyList<string> labels)
    {
        var all = labels.Select(label => OutputStore.Named("p_" + label)).ToList();
        return all.Count switch
        {
            1 => "1",
            // Sorting a list for each of many rows takes longer.
            3 => $"round(2 * greatest({string.Join(", ", all)}) + least({string.Join(", ", all)}) - ({string.Join(" + ", all)}), 4)",
            _ => $"(list_reverse_sort([{string.Join(", ", all)}])[1] - list_reverse_sort([{string.Join(", ", all)}])[2])",
        };
    }

    /// <summary>Chooses among the sentences that nobody has corrected.</summary>
    /// <param name="store">The output.</param>
    /// <param name="most">How many.</param>
    public static IReadOnlyList<ReviewItem> Choose(OutputStore store, int most)
    {
        if (store.Labels.Count == 0)
            return [];
        var rows = store.Query($"""
            WITH unsure AS MATERIALIZED (SELECT n, {Margin(store.Labels)} AS margin FROM sentences WHERE NOT corrected ORDER BY margin, n LIMIT {Considered})
            SELECT * FROM unsure JOIN sentences USING (n) ORDER BY margin, n
            """);
        var majority = Majorities(store);
        var candidates = rows.Select(row =>
        {
            var role = row.Text("role");
            return new ReviewCandidate(
                row.Text("article_id"), role, store.Labels.Where(label => label != role).MaxBy(label => row.Number("p_" + label)) ?? role, row.Number("margin"),
                majority.TryGetValue((row.Text("article_id"), row.Text("section")), out var usual) && usual != role ? usual : null);
        }).ToList();
        var texts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. ReviewOrder.Choose(candidates, most, i => texts.Add(rows[i].Text("text")))
            .Select(i => new ReviewItem(candidates[i].Article, (int)rows[i].Whole("sentence_id"), candidates[i].Why))];

        Dictionary<(string, string), string> Majorities(OutputStore asked)
        {
            var ids = rows.Select(row => row.Text("article_id")).Distinct(StringComparer.Ordinal).ToList();
            return asked.Query(
                    "SELECT article_id, section, role, count(*) AS k FROM sentences WHERE section <> '' AND article_id IN (SELECT unnest($ids)) GROUP BY ALL",
                    new Dictionary<string, object> { ["ids"] = ids })
                .GroupBy(row => (row.Text("article_id"), row.Text("section")))
                .Select(group => (group.Key, Most: group.OrderByDescending(row => row.Whole("k")).ThenBy(row => row.Text("role"), StringComparer.Ordinal).First()))
                .Where(found => found.Most.Whole("k") > ReviewOrder.FewUsual)
                .ToDictionary(found => found.Key, found => found.Most.Text("role"));
        }
    }
}
