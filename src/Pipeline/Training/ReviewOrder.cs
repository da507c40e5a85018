namespace Pipeline.Training;

/// <summary>What the order of review asks of a sentence.</summary>
/// <param name="Article">Its article.</param>
/// <param name="Role">The role that it has.</param>
/// <param name="Other">The likeliest other role.</param>
/// <param name="Margin">By how much the likeliest role leads the second.</param>
/// <param name="Usual">The role of most of its section, where that is another; <see langword="null"/> otherwise.</param>
internal readonly record struct ReviewCandidate(string Article, string Role, string Other, double Margin, string? Usual)
{
    /// <summary>Why it is worth a second look, in words.</summary>
    public string Why => $"between {Role} and {Other}" + (Usual is null ? "" : $"; most of its section is {Usual}");
}

/// <summary>
/// The sentences whose correction teaches most, first: those between two roles (smallest margin; Scheffer et al. 2001) or of
/// another role than most of their section, and not too many of one article or of one pair of roles.
/// </summary>
internal static class ReviewOrder
{
    /// <summary>A section has a usual role where more sentences than this share it.</summary>
    public const int FewUsual = 2;

    private const double Odd = 0.3;
    private const double SameArticle = 0.1;
    private const double SamePair = 0.004;

    /// <summary>Chooses from candidates in reading order; of equal ones the earlier stands first.</summary>
    /// <param name="candidates">The sentences.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="isWanted">Asked about each that would be next; one that is not wanted is passed over.</param>
    /// <returns>Indices, the most useful first.</returns>
    public static List<int> Choose(IReadOnlyList<ReviewCandidate> candidates, int most, Func<int, bool>? isWanted = null)
    {
        var queue = new PriorityQueue<(int Index, double Value), (double, int)>();
        for (var i = 0; i < candidates.Count; i++)
        {
            var value = 1 - candidates[i].Margin + (candidates[i].Usual is null ? 0 : Odd);
            queue.Enqueue((i, value), (-value, i));
        }

        var articles = new Dictionary<string, int>(StringComparer.Ordinal);
        var pairs = new Dictionary<(string, string), int>();
        var chosen = new List<int>();
        while (chosen.Count < most && queue.TryDequeue(out var next, out var rank))
        {
            var candidate = candidates[next.Index];
            var pair = (candidate.Role, candidate.Other);
            var worth = next.Value - (SameArticle * articles.GetValueOrDefault(candidate.Article)) - (SamePair * pairs.GetValueOrDefault(pair));
            // Worth less than when it was queued: back into the queue, unless it is still the best.
            if (-worth > rank.Item1 + 1e-9)
            {
                queue.Enqueue(next, (-worth, next.Index));
                continue;
            }

            if (isWanted is not null && !isWanted(next.Index))
                continue;
            chosen.Add(next.Index);
            articles[candidate.Article] = articles.GetValueOrDefault(candidate.Article) + 1;
            pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }

        return chosen;
    }
}
