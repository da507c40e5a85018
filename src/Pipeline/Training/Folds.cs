namespace Pipeline.Training;

/// <summary>Divides articles into folds so that the articles of a group stay together and folds hold about the same number of sentences.</summary>
internal static class Folds
{
    /// <summary>The fold of each article. The same articles are divided in the same way, in whatever order they come.</summary>
    public static int[] Assign(IReadOnlyList<LabelledArticle> articles, int count)
    {
        var groups = articles
            .Select((article, index) => (article, index))
            .GroupBy(a => a.article.Group, StringComparer.Ordinal)
            .Select(g => (Members: g.Select(a => a.index).ToList(), Size: g.Sum(a => a.article.Roles.Count), g.Key))
            .OrderByDescending(g => g.Size)
            .ThenBy(g => g.Key, StringComparer.Ordinal);
        var sizes = new int[count];
        var folds = new int[articles.Count];
        foreach (var (members, size, _) in groups)
        {
            var smallest = Array.IndexOf(sizes, sizes.Min());
            sizes[smallest] += size;
            foreach (var member in members)
                folds[member] = smallest;
        }

        return folds;
    }
}
